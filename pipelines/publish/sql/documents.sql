-- What one document says of another's year: amounts of current editions whose entity, year and stage are those of another document.
-- home: the document that first says an entity's budget (or final accounts) of a year. said: amounts that may be compared, with their key.
-- Two steps: which documents speak of which (cheap, from distinct years), then only their amounts.
CREATE OR REPLACE TEMP TABLE _home AS
SELECT document_id, entity_id, fiscal_year, document_kind, split_part(document_kind, '_', 1) AS scope, entity_name,
    CASE WHEN document_kind LIKE '%final_accounts' THEN 'final_accounts' ELSE 'budget' END AS stage
FROM documents
WHERE is_current AND entity_id IS NOT NULL AND fiscal_year IS NOT NULL
    AND document_kind IN ('department_budget', 'unit_budget', 'department_final_accounts', 'unit_final_accounts');

CREATE OR REPLACE TEMP TABLE _document_pairs AS
SELECT said.document_id AS later_id, home.document_id AS home_id, said.entity_id, said.fiscal_year, said.stage,
    CASE WHEN said.entity_id <> own.entity_id THEN 'unit_document'
         WHEN said.fiscal_year = own.fiscal_year THEN 'accounts_budget' ELSE 'last_year' END AS rule,
    said.entity_id <> own.entity_id OR home.scope = own.scope AS same_scope,
    home.entity_name AS home_entity, home.document_kind AS home_kind
FROM (
    SELECT DISTINCT document_id, entity_id, fiscal_year, stage FROM facts
    WHERE entity_id IS NOT NULL AND fiscal_year IS NOT NULL AND stage IN ('budget', 'final_accounts')
) said
JOIN _home own ON own.document_id = said.document_id
JOIN _home home ON home.entity_id = said.entity_id AND home.fiscal_year = said.fiscal_year AND home.stage = said.stage
WHERE home.document_id <> said.document_id
    -- parts and editions of one publication, and a later year's document seen from an earlier one, are no such pair
    AND (own.entity_id, own.fiscal_year, own.stage, own.scope) <> (home.entity_id, home.fiscal_year, home.stage, home.scope)
    AND NOT (home.scope = 'department' AND own.scope = 'unit' AND own.fiscal_year = said.fiscal_year AND own.stage = said.stage);

CREATE OR REPLACE TEMP TABLE _compared_facts AS
WITH named AS (
    SELECT document_id, entity_id, fiscal_year, stage FROM (
        SELECT later_id AS document_id, entity_id, fiscal_year, stage FROM _document_pairs
        UNION SELECT home_id, entity_id, fiscal_year, stage FROM _document_pairs
    )
)
SELECT f.document_id, f.entity_id, f.fiscal_year, f.stage, f.fact_id, f.page, f.amount_yuan, coalesce(f.increment_yuan, 0) AS increment_yuan,
    f.raw_text, f.unit, f.trust, f.subject_code, f.row_label, f.subject_name, f.column_path, t.title,
    t.declared_unit IS NOT NULL AS unit_stated,
    concat_ws('|', f.side, coalesce(f.funding, ''), coalesce(f.expenditure_type, ''), coalesce(f.budget_period, 'total'),
        coalesce(f.column_subject_code, ''), CASE WHEN f.table_kind = 'three_public' THEN 'items' ELSE '' END) AS meaning,
    CASE WHEN f.table_kind = 'three_public' THEN 'item|' || regexp_replace(coalesce(f.row_label, ''), '^[（(]?[一二三四五六七八九十0-9]+[）)、.．]|[“”"‘’（）()、，,：:]', '', 'g')
         WHEN f.subject_code IS NOT NULL THEN f.subject_scheme || '|' || f.subject_code
         WHEN f.row_role = 'total' THEN 'total' || CASE WHEN f.row_label LIKE '%本年%' THEN '|current' ELSE '' END
         WHEN f.entity_id <> f.department_id THEN 'total' END AS row_key
FROM facts f
JOIN named USING (document_id, entity_id, fiscal_year, stage)
JOIN tables t USING (table_id)
WHERE f.measure = 'amount' AND f.column_code IS NOT NULL AND f.row_role <> 'of_which' AND f.project_name IS NULL
    AND f.table_kind NOT IN ('other', 'government_level', 'procurement', 'service_procurement', 'assets', 'performance_base_data')
    AND f.table_kind NOT LIKE '%performance%';
