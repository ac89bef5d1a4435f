"""Whether files of OSCAL are valid: by the published JSON schema, and by `trestle validate`.

In: a folder of files that are called NAME.MODEL.json. Out: what is wrong on standard error, with exit code 1, or how many
files passed.
"""

import json
import pathlib
import re
import subprocess
import sys

import jsonschema_rs
import trestle.oscal

HERE = pathlib.Path(__file__).parent
SCHEMA = HERE / "oscal_complete_schema.json"
TRESTLE = pathlib.Path(sys.executable).parent / "trestle"
# The models as `cloudraci oscal` calls them: the field of the document, and the folder of a workspace of trestle.
MODELS = {
    "component-definition": ("component-definition", "component-definitions"),
    "ssp": ("system-security-plan", "system-security-plans"),
    "mapping": ("mapping-collection", "mapping-collections"),
    "assessment-results": ("assessment-results", "assessment-results"),
}


def by_schema(files):
    """Faults by the schema, each with its file and place."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    of_model = {}
    for one in schema.pop("oneOf"):
        (field,) = [name for name in one["properties"] if name != "$schema"]
        of_model[field] = {**schema, **one}
    kinds = {field: jsonschema_rs.Draft7Validator(of_model[field], validate_formats=True) for field in {field for _, field in files}}
    for file, field in files:
        document = json.loads(file.read_text(encoding="utf-8"))
        for error in kinds[field].iter_errors(document):
            place = "/".join(str(part) for part in error.instance_path)
            yield f"{file.name}: {place}: {error.message:.300}"


def newest():
    """The newest version of OSCAL that the installed trestle takes."""
    return trestle.oscal.OSCAL_VERSION


def workspace(folder, files):
    """A workspace of trestle that holds the files, with the published profiles that they name put beside them."""
    subprocess.run([TRESTLE, "init", "--local"], cwd=folder, check=True, capture_output=True)
    profiles = {}
    for file, field in files:
        document = json.loads(file.read_text(encoding="utf-8"))
        body = document[field]
        # What it does not know yet is refused by its number alone.
        body["metadata"]["oscal-version"] = newest()
        model = next(place for name, place in MODELS.values() if name == field)
        if field == "system-security-plan":
            body["import-profile"]["href"] = profile(folder, profiles, body)
        target = folder / model / file.stem / f"{field}.json"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(document), encoding="utf-8")


def profile(folder, profiles, plan):
    """A catalog and a profile that have the controls of a plan: what is published stands on a host that this test does not ask."""
    controls = sorted({one["control-id"] for one in plan["control-implementation"]["implemented-requirements"]})
    key = tuple(controls)
    if key in profiles:
        return profiles[key]
    name = f"controls-{len(profiles)}"
    metadata = {
        "title": "The controls of a plan",
        "last-modified": "2026-01-01T00:00:00+00:00",
        "version": "1",
        "oscal-version": newest(),
    }
    uuid = "00000000-0000-4000-8000-{:012x}"
    catalog = {
        "uuid": uuid.format(2 * len(profiles)),
        "metadata": metadata,
        "controls": [{"id": one, "title": one, "parts": [{"id": f"{one}_smt", "name": "statement", "prose": one}]} for one in controls],
    }
    at = f"trestle://catalogs/{name}/catalog.json"
    chosen = {
        "uuid": uuid.format(2 * len(profiles) + 1),
        "metadata": metadata,
        "imports": [{"href": at, "include-controls": [{"with-ids": controls}]}],
    }
    for model, of_kind in (("catalog", catalog), ("profile", chosen)):
        target = folder / f"{model}s" / name / f"{model}.json"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps({model: of_kind}), encoding="utf-8")
    profiles[key] = f"trestle://profiles/{name}/profile.json"
    return profiles[key]


def by_trestle(folder, files):
    """Faults by trestle. That every model was looked at is asserted, since it passes over what it does not find."""
    place = folder / "workspace"
    place.mkdir()
    workspace(place, files)
    for field in sorted({field for _, field in files}):
        run = subprocess.run([TRESTLE, "validate", "--type", field], cwd=place, capture_output=True, text=True, check=False)
        told = run.stdout + run.stderr
        expected = sum(1 for _, of in files if of == field)
        passed = len(re.findall(r"^VALID: ", told, flags=re.MULTILINE))
        if run.returncode != 0 or passed != expected:
            yield f"trestle: {field}: {passed} of {expected} are valid: {told:.3000}"


def must_refuse(files):
    """That what is broken is refused: a document without its metadata, and an UUID that is none."""
    for file, field in files[:4]:
        for broken in (lambda body: body.pop("metadata"), lambda body: body.update(uuid="none")):
            document = json.loads(file.read_text(encoding="utf-8"))
            broken(document[field])
            copy = file.with_suffix(".broken")
            copy.write_text(json.dumps(document), encoding="utf-8")
            assert list(by_schema([(copy, field)])), f"{file.name}: what is broken passes"


def main():
    folder = pathlib.Path(sys.argv[1])
    files = []
    for file in sorted(folder.glob("*.json")):
        files.append((file, MODELS[file.name.split(".")[-2]][0]))
    assert files, f"{folder} holds no files"
    must_refuse(files)
    faults = list(by_schema(files)) + list(by_trestle(folder, files))
    for fault in faults[:50]:
        print(fault, file=sys.stderr)
    if faults:
        sys.exit(f"{len(faults)} faults in {len(files)} files of OSCAL")
    version = json.loads(SCHEMA.read_text(encoding="utf-8"))["$id"].split("/")[-2]
    print(f"{len(files)} files are valid OSCAL {version} by its schema, and {newest()} by trestle, whose newest that is")


main()
