-- One row a document: what is there, and which of the usual tables it has (a table declared empty is there).
SELECT d.region_code, r.full_name AS region_name, d.fiscal_year, d.document_kind, d.status, d.reason, d.document_id, d.source_name,
    d.entity_id, d.entity_name, d.is_current, d.numbers_facts,
    coalesce(k.table_kinds, []) AS table_kinds,
    list_contains(k.table_kinds, 'income_expenditure_summary') IS TRUE AS has_income_expenditure_summary,
    list_contains(k.table_kinds, 'income_summary') IS TRUE AS has_income_summary,
    list_contains(k.table_kinds, 'expenditure_summary') IS TRUE AS has_expenditure_summary,
    list_contains(k.table_kinds, 'fiscal_appropriation_summary') IS TRUE AS has_fiscal_appropriation_summary,
    list_contains(k.table_kinds, 'general_public_expenditure') IS TRUE AS has_general_public_expenditure,
    list_contains(k.table_kinds, 'general_public_basic_expenditure') IS TRUE AS has_general_public_basic_expenditure,
    list_contains(k.table_kinds, 'three_public') IS TRUE AS has_three_public,
    list_has_any(k.table_kinds, ['government_fund_expenditure', 'government_fund_income_expenditure']) IS TRUE AS has_government_fund,
    list_has_any(k.table_kinds, ['state_capital_expenditure', 'state_capital_income_expenditure']) IS TRUE AS has_state_capital,
    list_has_any(k.table_kinds, ['department_performance_targets', 'project_performance_targets', 'department_performance_self_evaluation',
        'project_performance_self_evaluation']) IS TRUE AS has_performance
FROM documents d
LEFT JOIN dim_region r ON r.code = d.region_code
LEFT JOIN (
    SELECT document_id, list_sort(list(DISTINCT table_kind)) AS table_kinds
    FROM tables WHERE table_kind IS NOT NULL AND status IN ('understood', 'partial', 'not_required') GROUP BY document_id
) k USING (document_id)
