"""Findings for people: printed text, the correction sheet one can send to a department, a marked copy of the document.

Here: form. Not here: finding anything (`pipelines.audit`), asking the warehouse (assets.lookup).
"""
