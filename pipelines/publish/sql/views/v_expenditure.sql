-- Leaf amounts of expenditure, each counted once: sum freely.
SELECT s.document_id, f.department_id, f.department_name, f.entity_id, coalesce(f.entity_name, f.department_name) AS entity_name, f.region_code, r.full_name AS region_name, f.document_kind,
    f.fiscal_year, f.stage, f.subject_scheme, f.subject_code, coalesce(f.subject_name, f.row_label) AS subject_name,
    CASE
        WHEN f.row_label SIMILAR TO '.*(结转下年|年末结转|年终结转).*' THEN 'carried_forward'
        -- and its parts: 基本支出结转, 项目支出结转和结余
        WHEN f.subject_scheme = 'none' AND f.project_name IS NULL AND f.row_label SIMILAR TO '.*(结转|结余)' THEN 'carried_forward'
        WHEN f.expenditure_type LIKE 'basic%' THEN 'basic'
        WHEN f.expenditure_type LIKE 'project%' OR f.project_name IS NOT NULL THEN 'project'
        WHEN f.expenditure_type = 'total' THEN 'not_split'
        ELSE f.expenditure_type
    END AS basic_or_project,
    f.expenditure_type, f.funding, f.budget_period, f.column_subject_code,
    f.amount_yuan, f.amount_yuan * 0.0001::DECIMAL(4, 4) AS amount_wan_yuan,
    f.table_kind, f.trust, f.fact_id
FROM summable s
JOIN facts f USING (fact_id)
LEFT JOIN dim_region r ON r.code = f.region_code
WHERE s.summable_view = 'v_expenditure'
