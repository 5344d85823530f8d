"""Validates JSON documents against a JSON Schema (draft 2020-12).

usage: validate.py SCHEMA DOCUMENT...

Prints one line for each error, and nothing when there is none. The schema
itself must be valid too.
"""

import json
import sys

from jsonschema import Draft202012Validator


def main(schema_path, *document_paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for path in document_paths:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        for error in validator.iter_errors(document):
            print(f"{error.json_path}: {error.message[:200]}")


main(*sys.argv[1:])
