-- One row a document: how much was understood and proved, and whether the views' sums meet the printed totals.
SELECT d.document_id, d.source_name, d.entity_name, d.fiscal_year, d.document_kind, d.status, d.is_current,
    e.sum_yuan AS expenditure_sum_yuan, e.printed_yuan AS expenditure_printed_yuan, e.difference_yuan AS expenditure_difference_yuan,
    i.sum_yuan AS income_sum_yuan, i.printed_yuan AS income_printed_yuan, i.difference_yuan AS income_difference_yuan,
    t.sum_yuan AS three_public_sum_yuan, t.printed_yuan AS three_public_printed_yuan, t.difference_yuan AS three_public_difference_yuan,
    p.sum_yuan AS projects_sum_yuan, p.printed_yuan AS projects_printed_yuan, p.difference_yuan AS projects_difference_yuan,
    abs(e.difference_yuan) <= e.tolerance_yuan AS expenditure_balanced, abs(i.difference_yuan) <= i.tolerance_yuan AS income_balanced,
    abs(t.difference_yuan) <= t.tolerance_yuan AS three_public_balanced, abs(p.difference_yuan) <= p.tolerance_yuan AS projects_balanced,
    coalesce(f.n, 0) AS n_facts, coalesce(f.verified, 0) AS n_verified, coalesce(f.plausible, 0) AS n_plausible,
    coalesce(f.disputed, 0) AS n_disputed, coalesce(f.repaired, 0) AS n_repaired,
    coalesce(c.passed, 0) AS n_checks_passed, coalesce(c.failed, 0) AS n_checks_failed, coalesce(c.not_made, 0) AS n_checks_not_made,
    coalesce(r.checked, 0) AS n_rules_checked, coalesce(r.insufficient, 0) AS n_rules_insufficient,
    coalesce(r.not_applicable, 0) AS n_rules_not_applicable,
    coalesce(c.not_covered, 0) AS n_amounts_not_covered, coalesce(c.tables_not_checked, 0) AS n_tables_not_checked,
    coalesce(g.errors, 0) AS n_errors, coalesce(g.warnings, 0) AS n_warnings, coalesce(g.notes, 0) AS n_notes,
    d.numbers_total, d.numbers_facts, d.numbers_other, d.numbers_rejected, d.numbers_not_understood
FROM documents d
LEFT JOIN summable_totals e ON e.document_id = d.document_id AND e.summable_view = 'v_expenditure'
LEFT JOIN summable_totals i ON i.document_id = d.document_id AND i.summable_view = 'v_income'
LEFT JOIN summable_totals t ON t.document_id = d.document_id AND t.summable_view = 'v_three_public'
LEFT JOIN summable_totals p ON p.document_id = d.document_id AND p.summable_view = 'v_projects'
LEFT JOIN (
    SELECT document_id, count(*) AS n, count(*) FILTER (trust = 'verified') AS verified, count(*) FILTER (trust = 'plausible') AS plausible,
        count(*) FILTER (trust = 'disputed') AS disputed, count(*) FILTER (trust = 'repaired') AS repaired
    FROM facts GROUP BY document_id
) f ON f.document_id = d.document_id
LEFT JOIN (
    SELECT document_id, count(*) FILTER (outcome IN ('pass', 'pass_by_rounding')) AS passed, count(*) FILTER (outcome = 'fail') AS failed,
        -- a row without amounts and without a table accounts for a whole rule: counted below
        count(*) FILTER (outcome IN ('not_applicable', 'insufficient_data', 'extraction_error') AND (table_id IS NOT NULL OR len(fact_ids) > 0))
            AS not_made,
        coalesce(sum(len(fact_ids)) FILTER (rule = 'not_covered'), 0)::BIGINT AS not_covered,
        count(*) FILTER (rule = 'table') AS tables_not_checked
    FROM checks GROUP BY document_id
) c ON c.document_id = d.document_id
LEFT JOIN (
    SELECT document_id, count(*) FILTER (looked) AS checked, count(*) FILTER (NOT looked AND lost) AS insufficient,
        count(*) FILTER (NOT looked AND NOT lost) AS not_applicable
    FROM (
        SELECT document_id, rule, bool_or(outcome IN ('pass', 'pass_by_rounding', 'fail')) AS looked,
            bool_or(outcome IN ('insufficient_data', 'extraction_error')) AS lost
        FROM checks WHERE rule NOT IN ('table', 'not_covered') GROUP BY document_id, rule
    ) GROUP BY document_id
) r ON r.document_id = d.document_id
LEFT JOIN (
    SELECT document_id, count(*) FILTER (severity = 'error') AS errors, count(*) FILTER (severity = 'warning') AS warnings,
        count(*) FILTER (severity = 'note') AS notes
    FROM findings GROUP BY document_id
) g ON g.document_id = d.document_id
