-- Leaf amounts of projects, each counted once.
SELECT s.document_id, f.department_id, f.department_name, f.entity_id, coalesce(f.entity_name, f.department_name) AS entity_name, f.region_code, r.full_name AS region_name, f.document_kind,
    f.fiscal_year, f.stage, coalesce(f.project_name, f.row_label) AS project_name, f.subject_scheme, f.subject_code, f.subject_name,
    f.expenditure_type, f.funding, f.budget_period,
    f.amount_yuan, f.amount_yuan * 0.0001::DECIMAL(4, 4) AS amount_wan_yuan,
    f.table_kind, f.trust, f.fact_id
FROM summable s
JOIN facts f USING (fact_id)
LEFT JOIN dim_region r ON r.code = f.region_code
WHERE s.summable_view = 'v_projects'
