//! A table of resources as CSV, as people keep it or a cloud inventory exports it.
//!
//! In: CSV with a header row whose names are matched without regard to case, spaces and underscores. Out: one resource
//! a row. A row needs an ARN, a type or a service.

use super::json;
use super::{Imported, ImportedResource, Importer};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use std::sync::Arc;

/// The importer of CSV.
pub(super) struct Table;

/// Column names, as they are compared.
const ARN: &[&str] = &["arn", "resourcearn"];
const TYPE: &[&str] = &["type", "resourcetype"];
const SERVICE: &[&str] = &["service", "awsservice", "product"];
const NAME: &[&str] = &["name", "resourcename", "resourceid", "id"];
const ACCOUNT: &[&str] = &["account", "accountid", "awsaccountid", "owningaccountid", "awsaccount"];
const REGION: &[&str] = &["region", "awsregion"];
const ENVIRONMENT: &[&str] = &["environment", "env", "stage"];
const OWNER: &[&str] = &["owner", "team"];
const TAGS: &[&str] = &["tags", "tag"];

fn plain(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Importer for Table {
    fn name(&self) -> &'static str {
        "CSV"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        let text = json::beginning(bytes);
        let header = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
        if header.contains(['{', '[', ':']) || !header.contains([',', ';']) {
            return false;
        }
        let names: Vec<String> = header.split([',', ';']).map(plain).collect();
        names
            .iter()
            .any(|name| [ARN, TYPE, SERVICE].iter().any(|known| known.contains(&name.as_str())))
    }

    fn import(&self, bytes: &[u8], file: &Arc<str>, _place: &Place) -> Outcome<Imported> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let delimiter = if first.contains(&b',') { b',' } else { b';' };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
        let broken = |error: &csv::Error| {
            let line = error.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(1));
            Diagnostic::new(Code::SyntaxError, format!("the text is not CSV: {error}"))
                .at(Place::at(file, line, 1))
                .help("save the table as CSV in UTF-8, with a header row")
        };
        let headers: Vec<String> = match reader.headers() {
            Ok(headers) => headers.iter().map(plain).collect(),
            Err(error) => return Err(vec![broken(&error)]),
        };
        let (mut resources, mut faults) = (Vec::new(), Vec::new());
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let cell = |names: &[&str]| {
                        let column = headers.iter().position(|header| names.contains(&header.as_str()))?;
                        record.get(column).map(str::trim).filter(|cell| !cell.is_empty())
                    };
                    let line = record.position().map_or(0, csv::Position::line);
                    match row(&cell, line) {
                        Some(resource) => resources.push(resource),
                        None if record.iter().all(|cell| cell.trim().is_empty()) => {}
                        None => faults.push(
                            Diagnostic::new(Code::ImportFailed, "the row has no ARN, no type and no service")
                                .at(Place::at(file, usize::try_from(line).unwrap_or(1), 1))
                                .help("fill one of the columns arn, type or service"),
                        ),
                    }
                }
                Err(error) => faults.push(broken(&error)),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Imported {
            file: file.clone(),
            resources,
            ..Imported::default()
        })
    }
}

fn row<'r>(cell: &impl Fn(&[&str]) -> Option<&'r str>, line: u64) -> Option<ImportedResource> {
    let arn = cell(ARN);
    let of_arn = |field: usize| arn.and_then(json::arn_fields).and_then(|fields| json::stated(fields[field]));
    let kind = cell(TYPE)
        .or_else(|| cell(SERVICE))
        .map(str::to_owned)
        .or_else(|| json::kind_of_arn(arn?))?;
    // Spreadsheets drop the zeros that an account number begins with.
    let account = cell(ACCOUNT).map(|number| {
        let digits = !number.is_empty() && number.len() < 12 && number.bytes().all(|byte| byte.is_ascii_digit());
        if digits { format!("{number:0>12}") } else { number.to_owned() }
    });
    let tags = cell(TAGS).unwrap_or_default().split([';', '|', ',']).filter_map(|tag| {
        let (key, value) = tag.split_once(['=', ':'])?;
        Some((key.trim().into(), value.trim().to_owned()))
    });
    let mut tags: Vec<(Arc<str>, String)> = tags.collect();
    tags.sort();
    Some(ImportedResource {
        kind: kind.into(),
        name: cell(NAME).map(str::to_owned).or_else(|| json::name_of_arn(arn?)),
        address: format!("line {line}"),
        arn: arn.map(str::to_owned),
        account: of_arn(2).or_else(|| account.map(Arc::from)),
        region: of_arn(1).or_else(|| cell(REGION).and_then(json::stated)),
        environment: cell(ENVIRONMENT).map(Arc::from),
        owner: cell(OWNER).map(Arc::from),
        tags,
        ..ImportedResource::default()
    })
}
