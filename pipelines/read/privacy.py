"""stub"""
from pipelines.read.document import Document


def scrub_document(document: Document) -> Document:
    return document
