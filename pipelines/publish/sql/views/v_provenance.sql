-- Where each amount stands: document, page, table, cell, header path, and what was printed.
SELECT f.fact_id, f.document_id, d.source_name, d.sha256, d.entity_name AS publisher, d.fiscal_year AS document_year, f.page, t.sheet,
    c.sheet_cell, t.table_no, t.title AS table_title, f.table_kind, f.row_no, f.column_no, f.x0, f.top, f.x1, f.bottom, f.row_label, f.column_path, f.raw_text, f.unit,
    f.amount_yuan, f.first_reading_text, f.meaning_confidence, f.trust, t.method, t.confidence AS reading_confidence, d.reader_version
FROM facts f
JOIN documents d USING (document_id)
JOIN tables t USING (table_id)
LEFT JOIN cells c ON c.table_id = f.table_id AND c.row_no = f.row_no AND c.column_no = f.column_no
