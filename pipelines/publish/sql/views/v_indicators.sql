-- Performance indicators of current editions with the body and year they belong to.
SELECT i.indicator_id, i.document_id, d.entity_id, d.entity_name, d.region_code, d.fiscal_year, d.document_kind, i.scope, i.level1, i.level2,
    i.indicator, i.target_text, i.target_operator, i.target_value, i.target_unit, i.actual_text, i.actual_value, i.points, i.score,
    i.table_id, i.page
FROM indicators i
JOIN documents d USING (document_id)
WHERE d.is_current
