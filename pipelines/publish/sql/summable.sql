-- Which facts the views that may be summed count: one row of `summable` a leaf amount, each amount of money once.
-- Expects the relations loaded, and the temporary tables _sources (view, table_kind, side, priority), _above (dim, child, parent,
-- distance), _items (item_order, pattern, item), _phrases (phrase, source). Statements end with a semicolon at a line's end.

-- 1. Amounts of the document's own year and stage, of rows and columns that were understood. A row is what stands together on one line
--    of the print under one meaning; in tables of 三公经费 items may be lines or columns, so there a row is one item of one body.
CREATE TEMP TABLE _cell AS
WITH own AS (
    SELECT s.view, s.priority, f.*, t.table_no,
        coalesce(f.column_subject_code, '') AS column_subject,
        coalesce(f.increment_yuan, 0.01::DECIMAL(20, 4)) AS step,
        translate(regexp_replace(coalesce(f.row_label, ''), '\s', '', 'g'), '():', '（）：') AS label
    FROM facts f
    JOIN documents d USING (document_id)
    JOIN tables t USING (table_id)
    JOIN _sources s ON s.table_kind = f.table_kind AND s.side = f.side
    WHERE d.is_current AND d.status = 'loaded' AND f.fiscal_year = d.fiscal_year AND f.measure = 'amount'
        AND f.stage = CASE WHEN d.document_kind LIKE '%final_accounts' THEN 'final_accounts' ELSE 'budget' END
        AND f.row_role <> 'of_which' AND f.funding IS NOT NULL AND f.expenditure_type IS NOT NULL AND f.budget_period IS NOT NULL
), labelled AS (
    SELECT own.*, i.item
    FROM own
    LEFT JOIN (
        SELECT label, arg_min(item, item_order) AS item
        FROM (SELECT DISTINCT label FROM own WHERE own.view = 'v_three_public') l JOIN _items ON regexp_matches(l.label, _items.pattern)
        GROUP BY label
    ) i ON own.view = 'v_three_public' AND i.label = own.label
)
SELECT view, priority, document_id, table_id, table_no, fact_id, row_no, column_no, row_role, coalesce(is_leaf, false) AS is_leaf,
    coalesce(row_level, 0) AS row_level, department_id, entity_id, subject_scheme AS scheme, item, label,
    funding AS f, expenditure_type AS e, budget_period AS p, column_subject AS s, amount_yuan AS amount, step,
    CASE WHEN view = 'v_three_public' THEN hash(view, table_id, entity_id, item)
        ELSE hash(view, table_id, row_no, subject_scheme, subject_code, row_label, project_name, entity_id) END AS row_key
FROM labelled
WHERE view <> 'v_three_public' OR item IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY view, row_key, f, e, p, s
    ORDER BY CASE row_role WHEN 'total' THEN 0 WHEN 'subtotal' THEN 1 ELSE 2 END, row_no, column_no, fact_id
) = 1;

-- 2. Columns that are parts of other columns of the same row, each under its nearest whole, along one dimension at a time.
INSERT INTO _above
SELECT DISTINCT 's', child.s, parent.s, 9 - length(parent.s)
FROM (SELECT DISTINCT s FROM _cell) child JOIN (SELECT DISTINCT s FROM _cell) parent
    ON starts_with(child.s, parent.s) AND length(child.s) > length(parent.s);

INSERT INTO _above
SELECT 'f', funding, 'carryover', 1 FROM (SELECT DISTINCT f AS funding FROM _cell WHERE f LIKE 'carryover.%')
UNION ALL
SELECT 'f', funding, 'total', 2 FROM (SELECT DISTINCT f AS funding FROM _cell WHERE f LIKE 'carryover.%');

CREATE TEMP TABLE _link AS
SELECT 1 AS preference, c.fact_id AS child, w.fact_id AS whole
FROM _cell c JOIN _above a ON a.dim = 'e' AND a.child = c.e JOIN _cell w ON w.row_key = c.row_key AND w.e = a.parent AND w.f = c.f AND w.p = c.p AND w.s = c.s
QUALIFY row_number() OVER (PARTITION BY c.fact_id ORDER BY a.distance) = 1
UNION ALL
SELECT 2, c.fact_id, w.fact_id
FROM _cell c JOIN _above a ON a.dim = 'f' AND a.child = c.f JOIN _cell w ON w.row_key = c.row_key AND w.f = a.parent AND w.e = c.e AND w.p = c.p AND w.s = c.s
QUALIFY row_number() OVER (PARTITION BY c.fact_id ORDER BY a.distance) = 1
UNION ALL
SELECT 3, c.fact_id, w.fact_id
FROM _cell c JOIN _above a ON a.dim = 'p' AND a.child = c.p JOIN _cell w ON w.row_key = c.row_key AND w.p = a.parent AND w.e = c.e AND w.f = c.f AND w.s = c.s
QUALIFY row_number() OVER (PARTITION BY c.fact_id ORDER BY a.distance) = 1
UNION ALL
SELECT 4, c.fact_id, w.fact_id
FROM _cell c JOIN _above a ON a.dim = 's' AND a.child = c.s JOIN _cell w ON w.row_key = c.row_key AND w.s = a.parent AND w.e = c.e AND w.f = c.f AND w.p = c.p
QUALIFY row_number() OVER (PARTITION BY c.fact_id ORDER BY a.distance) = 1;

-- Sources and types below a heading 本年收入 or 本年支出 say no year of their own: they are parts of its column.
INSERT INTO _link
SELECT 5, c.fact_id, w.fact_id
FROM _cell c
JOIN _cell w ON w.row_key = c.row_key AND w.p = 'current_year' AND w.f = 'total' AND w.e = 'total' AND w.s = c.s
ANTI JOIN _link l ON l.child = c.fact_id
WHERE c.p = 'total' AND NOT (c.f = 'total' AND c.e = 'total') AND NOT starts_with(c.f, 'carryover');

-- 3. A whole is split where its parts add up to it (as printed, within rounding): by type of expenditure before source of funding.
CREATE TEMP TABLE _split AS
SELECT whole, preference
FROM (
    SELECT l.whole, l.preference, sum(c.amount) AS parts, count(*) AS n, max(c.step) AS step
    FROM _link l JOIN _cell c ON c.fact_id = l.child
    GROUP BY l.whole, l.preference
) x JOIN _cell w ON w.fact_id = x.whole
WHERE abs(x.parts - w.amount) <= (x.n + 1)::DECIMAL(9, 0) * greatest(x.step, w.step) * 0.5::DECIMAL(2, 1)
QUALIFY row_number() OVER (PARTITION BY whole ORDER BY preference) = 1;

-- 4. Each row's widest columns that do not overlap. Few combinations of meaning occur, so they are compared once, not row by row.
CREATE TEMP TABLE _wider AS
SELECT dim, child, parent FROM _above
UNION
SELECT 'f', f, f FROM _cell
UNION
SELECT 'e', e, e FROM _cell
UNION
SELECT 'p', p, p FROM _cell
UNION
SELECT 's', s, s FROM _cell;

CREATE TEMP TABLE _meaning AS
SELECT row_number() OVER (ORDER BY f, e, p, s) AS meaning, f, e, p, s FROM (SELECT DISTINCT f, e, p, s FROM _cell);

CREATE TEMP TABLE _compared AS
SELECT a.meaning AS a, b.meaning AS b,
    (a.f, b.f) IN (SELECT (child, parent) FROM _wider WHERE dim = 'f') AND (a.e, b.e) IN (SELECT (child, parent) FROM _wider WHERE dim = 'e')
        AND (a.p, b.p) IN (SELECT (child, parent) FROM _wider WHERE dim = 'p')
        AND (a.s, b.s) IN (SELECT (child, parent) FROM _wider WHERE dim = 's') AS b_is_wider,
    (b.f = 'total', b.s = '', b.p = 'total', b.e = 'total', -b.meaning) > (a.f = 'total', a.s = '', a.p = 'total', a.e = 'total', -a.meaning)
        AS b_goes_first
FROM _meaning a JOIN _meaning b ON a.meaning <> b.meaning
WHERE ((a.f, b.f) IN (SELECT (child, parent) FROM _wider WHERE dim = 'f') OR (b.f, a.f) IN (SELECT (child, parent) FROM _wider WHERE dim = 'f'))
    AND ((a.e, b.e) IN (SELECT (child, parent) FROM _wider WHERE dim = 'e') OR (b.e, a.e) IN (SELECT (child, parent) FROM _wider WHERE dim = 'e'))
    AND ((a.p, b.p) IN (SELECT (child, parent) FROM _wider WHERE dim = 'p') OR (b.p, a.p) IN (SELECT (child, parent) FROM _wider WHERE dim = 'p'))
    AND ((a.s, b.s) IN (SELECT (child, parent) FROM _wider WHERE dim = 's') OR (b.s, a.s) IN (SELECT (child, parent) FROM _wider WHERE dim = 's'));

CREATE TEMP TABLE _meant AS
SELECT c.*, m.meaning FROM _cell c JOIN _meaning m USING (f, e, p, s);

CREATE TEMP TABLE _widest AS
SELECT c.* FROM _meant c
ANTI JOIN (
    SELECT n.fact_id FROM _meant n JOIN _meant w USING (row_key) JOIN _compared x ON x.a = n.meaning AND x.b = w.meaning WHERE x.b_is_wider
) narrow USING (fact_id);

CREATE TEMP TABLE _root AS
SELECT c.* FROM _widest c
ANTI JOIN (
    SELECT n.fact_id FROM _widest n JOIN _widest w USING (row_key) JOIN _compared x ON x.a = n.meaning AND x.b = w.meaning WHERE x.b_goes_first
) second USING (fact_id);

CREATE TEMP TABLE _row AS
SELECT view, priority, document_id, table_id, table_no, row_key, any_value(item) AS item, min(row_no) AS row_no,
    arg_min(row_role, CASE row_role WHEN 'total' THEN 0 WHEN 'subtotal' THEN 1 ELSE 2 END) AS row_role,
    bool_and(is_leaf) AS is_leaf, min(row_level) AS row_level, any_value(department_id) AS department_id, any_value(entity_id) AS entity_id,
    any_value(scheme) AS scheme, sum(amount) AS amount, max(step) AS step, min(f) AS f, min(e) AS e
FROM _root
GROUP BY view, priority, document_id, table_id, table_no, row_key;

-- 5. The rows that are leaves. Items of 三公经费: the department's own where the table has them, else its units'; vehicles as purchase
--    and running where these add up. Other tables: detail rows with none below; a table of totals only counts its first total.
CREATE TEMP TABLE _whose AS
SELECT view, table_id, bool_or(entity_id IS NOT DISTINCT FROM department_id) AS covers_department, min(entity_id) AS first_entity
FROM _row GROUP BY view, table_id;

CREATE TEMP TABLE _leaf_row AS
WITH body AS (
    SELECT r.* FROM _row r JOIN _whose w USING (view, table_id)
    WHERE r.view = 'v_three_public' AND (NOT w.covers_department OR r.entity_id IS NOT DISTINCT FROM r.department_id)
), vehicles AS (
    SELECT table_id, entity_id,
        sum(amount) FILTER (item = 'vehicles') AS whole, sum(amount) FILTER (item IN ('vehicle_purchase', 'vehicle_running')) AS parts,
        max(step) AS step
    FROM body GROUP BY table_id, entity_id
), items AS (
    SELECT b.* FROM body b JOIN vehicles v ON v.table_id = b.table_id AND v.entity_id IS NOT DISTINCT FROM b.entity_id
    WHERE b.item IN ('abroad', 'reception')
        OR (b.item = 'vehicles' AND (v.parts IS NULL OR abs(v.whole - v.parts) > 1.5::DECIMAL(2, 1) * v.step))
        OR (b.item IN ('vehicle_purchase', 'vehicle_running') AND (v.whole IS NULL OR abs(v.whole - v.parts) <= 1.5::DECIMAL(2, 1) * v.step))
), whole_items AS (
    SELECT b.* FROM body b WHERE b.item IN ('three_public', 'total') AND b.table_id NOT IN (SELECT table_id FROM items)
    QUALIFY row_number() OVER (PARTITION BY b.table_id, b.entity_id ORDER BY b.item = 'three_public' DESC, b.row_no) = 1
), details AS (
    SELECT * FROM _row WHERE view <> 'v_three_public' AND row_role = 'detail' AND is_leaf
), only_totals AS (
    SELECT * FROM _row r WHERE view <> 'v_three_public' AND row_role = 'total'
        AND NOT EXISTS (FROM details d WHERE d.view = r.view AND d.table_id = r.table_id)
    QUALIFY row_number() OVER (PARTITION BY view, table_id ORDER BY row_no) = 1
)
FROM items UNION ALL FROM whole_items UNION ALL FROM details UNION ALL FROM only_totals;

-- 6. What each table prints as its total; that of a 三公 table may hold 会议费 and 培训费 as well.
CREATE TEMP TABLE _printed AS
WITH three AS (
    SELECT table_id, sum(amount) FILTER (item = 'three_public') AS three_public, sum(amount) FILTER (item = 'total') AS total,
        sum(amount) FILTER (item = 'other') AS other
    FROM _row r JOIN _whose w USING (view, table_id)
    WHERE view = 'v_three_public' AND (NOT w.covers_department OR r.entity_id IS NOT DISTINCT FROM r.department_id)
    GROUP BY table_id
), top AS (
    SELECT * FROM _row WHERE view <> 'v_three_public' AND row_role = 'total'
    UNION ALL
    SELECT * FROM _row r WHERE view <> 'v_three_public' AND row_role = 'subtotal'
        AND NOT EXISTS (FROM _row t WHERE t.view = r.view AND t.table_id = r.table_id AND t.row_role = 'total')
    QUALIFY row_number() OVER (PARTITION BY view, table_id ORDER BY row_level, row_no) = 1
)
SELECT 'v_three_public' AS view, table_id, unnest(CASE WHEN three_public IS NULL THEN [total, total - other] ELSE [three_public] END) AS amount
FROM three
UNION ALL
SELECT DISTINCT view, table_id, amount FROM top
UNION ALL
SELECT view, table_id, amount FROM _leaf_row l  -- one row only: its own total column is the table's
WHERE view <> 'v_three_public' AND f = 'total' AND e = 'total' AND NOT EXISTS (FROM top WHERE top.view = l.view AND top.table_id = l.table_id)
QUALIFY count(*) OVER (PARTITION BY view, table_id) = 1;

-- 7. Tables that print several classifications side by side: the one that gives the printed total, by function first. A row that says
--    the whole again (the department above its units, on the units' level) stays out where the others make up most of it.
CREATE TEMP TABLE _block AS
WITH choices AS (
    FROM (VALUES
        (1, ['function', 'economic_department', 'economic_government', 'income', 'none']), (2, ['function', 'none']), (3, ['function']),
        (4, ['economic_department', 'none']), (5, ['economic_department']), (6, ['economic_government', 'none']),
        (7, ['economic_government']), (8, ['income', 'none']), (9, ['none'])
    ) AS c (choice, schemes)
), sums AS (
    SELECT r.view, r.priority, r.document_id, r.table_id, r.table_no, c.choice, c.schemes, sum(r.amount) AS amount, count(*) AS n,
        max(r.step) AS step, list_distinct(list(r.scheme)) AS present
    FROM _leaf_row r JOIN choices c ON list_contains(c.schemes, r.scheme)
    GROUP BY ALL
), repeated AS (
    SELECT s.view, s.table_id, s.choice, min(r.row_no) AS row_no
    FROM sums s JOIN _leaf_row r ON r.view = s.view AND r.table_id = s.table_id AND list_contains(s.schemes, r.scheme)
    JOIN _printed p ON p.view = s.view AND p.table_id = s.table_id AND p.amount = r.amount
    WHERE s.view <> 'v_three_public' AND s.n > 2 AND r.amount > 0 AND 2 * (s.amount - r.amount) > r.amount
        AND NOT EXISTS (
            FROM _printed q WHERE q.view = s.view AND q.table_id = s.table_id
                AND abs(s.amount - q.amount) <= (s.n + 1)::DECIMAL(9, 0) * s.step * 0.5::DECIMAL(2, 1)
        )
    GROUP BY s.view, s.table_id, s.choice
), once AS (
    SELECT s.* EXCLUDE (amount), x.row_no AS left_out, s.amount - coalesce(r.amount, 0) AS amount
    FROM sums s LEFT JOIN repeated x USING (view, table_id, choice)
    LEFT JOIN (SELECT view, table_id, row_no, max(amount) AS amount FROM _leaf_row GROUP BY ALL) r
        ON r.view = s.view AND r.table_id = s.table_id AND r.row_no = x.row_no
), compared AS (
    SELECT s.*, p.amount AS printed, abs(s.amount - p.amount) AS difference,
        (s.n + 1)::DECIMAL(9, 0) * s.step * 0.5::DECIMAL(2, 1) AS tolerance
    FROM once s LEFT JOIN _printed p USING (view, table_id)
    QUALIFY row_number() OVER (PARTITION BY s.view, s.table_id, s.choice ORDER BY abs(s.amount - p.amount), p.amount) = 1
)
SELECT *, coalesce(difference <= tolerance, false) AS balanced
FROM compared
QUALIFY row_number() OVER (
    PARTITION BY view, table_id
    ORDER BY coalesce(difference <= tolerance, false) DESC, choice = 1 AND len(list_filter(present, lambda x: x <> 'none')) > 1, choice
) = 1;

-- 8. One source a document: the kind the views prefer; of several tables of that kind the department's, and of those the widest; where
--    none is the department's, one a unit.
CREATE TEMP TABLE _chosen AS
SELECT b.*, w.covers_department
FROM _block b JOIN _whose w USING (view, table_id)
QUALIFY rank() OVER (PARTITION BY view, document_id ORDER BY priority, w.covers_department DESC) = 1
    AND row_number() OVER (
        PARTITION BY view, document_id, priority, CASE WHEN w.covers_department THEN '' ELSE w.first_entity END
        ORDER BY w.covers_department DESC, abs(coalesce(printed, amount)) DESC, balanced DESC, list_contains(present, 'function') DESC, n DESC, table_no
    ) = 1;

-- 9. No unit's own document beside its department's.
CREATE TEMP TABLE _covered AS
WITH RECURSIVE unit AS (
    SELECT d.document_id, d.entity_id, d.fiscal_year, replace(d.document_kind, 'unit_', 'department_') AS department_kind
    FROM documents d WHERE d.document_kind LIKE 'unit\_%' ESCAPE '\' AND d.is_current
), above AS (
    SELECT u.document_id, u.entity_id AS ancestor FROM unit u
    UNION
    SELECT a.document_id, e.parent_entity_id FROM above a JOIN dim_entity e ON e.entity_id = a.ancestor WHERE e.parent_entity_id IS NOT NULL
), department AS (
    SELECT DISTINCT c.view, d.document_id, d.entity_id, d.fiscal_year, d.document_kind
    FROM _chosen c JOIN documents d USING (document_id) WHERE d.document_kind LIKE 'department\_%' ESCAPE '\'
)
SELECT p.view, u.document_id
FROM unit u JOIN above a USING (document_id)
JOIN department p ON p.entity_id = a.ancestor AND p.fiscal_year = u.fiscal_year AND p.document_kind = u.department_kind
UNION
SELECT p.view, u.document_id
FROM unit u JOIN department p ON p.fiscal_year = u.fiscal_year AND p.document_kind = u.department_kind
JOIN (SELECT DISTINCT view, document_id, entity_id FROM _leaf_row) r
    ON r.view = p.view AND r.document_id = p.document_id AND r.entity_id = u.entity_id;

-- 10. The leaves: of each chosen row its widest columns, split as far as they add up.
INSERT INTO summable BY NAME
WITH RECURSIVE chosen_row AS (
    SELECT r.* FROM _leaf_row r JOIN _chosen c USING (view, table_id)
    WHERE list_contains(c.schemes, r.scheme) AND r.row_no IS DISTINCT FROM c.left_out AND (r.view, r.document_id) NOT IN (SELECT (view, document_id) FROM _covered)
), walk AS (
    SELECT t.fact_id FROM _root t JOIN chosen_row r USING (view, row_key)
    UNION ALL
    SELECT l.child FROM walk w JOIN _split s ON s.whole = w.fact_id JOIN _link l ON l.whole = s.whole AND l.preference = s.preference
)
SELECT c.view AS summable_view, c.document_id, c.table_id, c.fact_id,
    CASE c.view
        WHEN 'v_three_public' THEN c.item
        WHEN 'v_income' THEN CASE WHEN c.f <> 'total' THEN c.f ELSE coalesce(p.source, 'total') END
    END AS item
FROM walk w JOIN _cell c USING (fact_id)
LEFT JOIN _phrases p ON p.phrase = regexp_replace(
    c.label, '^(其中：)?(（[一二三四五六七八九十\d]+）|[一二三四五六七八九十]+[、.．]|\d+[、.．])?', '')
WHERE w.fact_id NOT IN (SELECT whole FROM _split)
ORDER BY c.view, c.document_id, c.table_no, c.row_no, c.column_no, c.fact_id;

INSERT INTO summable_totals BY NAME
SELECT c.view AS summable_view, c.document_id, list(c.table_id ORDER BY c.table_no) AS source_tables, any_value(t.table_kind) AS source_kind,
    any_value(s.amount) AS sum_yuan,
    CASE WHEN bool_and(c.printed IS NOT NULL) THEN sum(c.printed) END AS printed_yuan,
    any_value(s.amount) - CASE WHEN bool_and(c.printed IS NOT NULL) THEN sum(c.printed) END AS difference_yuan,
    sum(c.tolerance)::DECIMAL(38, 4) AS tolerance_yuan, any_value(s.n)::INTEGER AS n_leaves
FROM _chosen c
JOIN tables t ON t.table_id = c.table_id
JOIN (
    SELECT m.summable_view, m.document_id, sum(f.amount_yuan) AS amount, count(*) AS n FROM summable m JOIN facts f USING (fact_id) GROUP BY ALL
) s ON s.summable_view = c.view AND s.document_id = c.document_id
GROUP BY c.view, c.document_id
ORDER BY ALL;
