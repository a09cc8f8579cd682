-- One row a table: how many of its numbers were understood, and why the others were not.
SELECT d.document_id, d.source_name, d.entity_name, d.fiscal_year, d.document_kind, t.table_id, t.table_no, t.title, t.table_kind,
    t.sheet, t.first_page, t.last_page, t.status, t.reason, t.reading_note, t.emptiness, t.method, t.confidence,
    t.n_numbers, t.n_facts, t.n_other, t.n_rejected, t.n_not_understood,
    CASE WHEN t.n_numbers > 0 THEN (t.n_numbers - t.n_not_understood - t.n_rejected) / t.n_numbers END AS understood_share,
    coalesce(f.without_column, 0) AS n_facts_without_column, f.least_confidence
FROM tables t
JOIN documents d USING (document_id)
LEFT JOIN (
    SELECT table_id, count(*) FILTER (column_code IS NULL) AS without_column, min(meaning_confidence) AS least_confidence
    FROM facts GROUP BY table_id
) f USING (table_id)
