-- Facts whose amount is proved and whose meaning is known; anything unknown keeps a fact out.
SELECT f.*
FROM facts f
JOIN documents d USING (document_id)
WHERE d.is_current AND f.trust = 'verified' AND f.meaning_confidence >= 0.8
    AND f.column_code IS NOT NULL AND f.entity_id IS NOT NULL AND f.fiscal_year IS NOT NULL AND f.side IS NOT NULL AND f.stage IS NOT NULL
    AND f.table_kind NOT IN ('other', 'government_level')
