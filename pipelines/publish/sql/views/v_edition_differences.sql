-- Amounts in which an earlier edition differs from the current one: same publication, same kind of table, same meaning and place in order.
WITH printed AS (
    SELECT d.publication_id, d.is_current, f.document_id, f.fact_id, f.amount_yuan, f.page, f.raw_text,
        f.table_kind, coalesce(f.entity_id, '') AS entity_id, coalesce(f.fiscal_year, 0) AS fiscal_year, coalesce(f.stage, '') AS stage,
        coalesce(f.side, '') AS side, coalesce(f.subject_code, '') AS subject_code, coalesce(f.project_name, '') AS project_name,
        translate(coalesce(f.row_label, ''), '（）：，', '():,') AS row_label, coalesce(f.column_code, f.column_path, '') AS column_name,
        row_number() OVER (
            PARTITION BY f.document_id, f.table_kind, f.entity_id, f.fiscal_year, f.stage, f.side, f.subject_code, f.project_name,
                translate(coalesce(f.row_label, ''), '（）：，', '():,'), coalesce(f.column_code, f.column_path, '')
            ORDER BY f.page, f.row_no, f.column_no, f.fact_id
        ) AS occurrence
    FROM facts f
    JOIN documents d USING (document_id)
    WHERE d.publication_id IN (SELECT publication_id FROM documents WHERE superseded_by IS NOT NULL)
), pairs AS (
    SELECT DISTINCT e.publication_id, e.document_id AS earlier_id, e.table_kind
    FROM printed e
    JOIN printed c ON c.publication_id = e.publication_id AND c.table_kind = e.table_kind AND c.is_current
    WHERE NOT e.is_current
), earlier AS (
    SELECT p.earlier_id, e.* FROM pairs p JOIN printed e ON e.document_id = p.earlier_id AND e.table_kind = p.table_kind
), newest AS (
    SELECT p.earlier_id, c.*
    FROM pairs p JOIN printed c ON c.publication_id = p.publication_id AND c.table_kind = p.table_kind AND c.is_current
)
SELECT publication_id, earlier_id AS document_id, nullif(entity_id, '') AS entity_id, table_kind, nullif(fiscal_year, 0) AS fiscal_year,
    nullif(stage, '') AS stage, nullif(side, '') AS side, nullif(subject_code, '') AS subject_code, nullif(row_label, '') AS row_label,
    nullif(project_name, '') AS project_name, column_name,
    CASE WHEN n.fact_id IS NULL THEN 'only_earlier' WHEN e.fact_id IS NULL THEN 'only_current' ELSE 'changed' END AS difference,
    e.amount_yuan AS earlier_yuan, n.amount_yuan AS current_yuan, n.amount_yuan - e.amount_yuan AS difference_yuan,
    e.page AS earlier_page, n.page AS current_page, e.fact_id AS earlier_fact_id, n.fact_id AS current_fact_id
FROM earlier e
FULL JOIN newest n USING (
    earlier_id, publication_id, table_kind, entity_id, fiscal_year, stage, side, subject_code, row_label, project_name, column_name,
    occurrence)
WHERE e.amount_yuan IS DISTINCT FROM n.amount_yuan
