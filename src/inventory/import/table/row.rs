//! What a row of a table says.
//!
//! In: the cells of a row, each with what its column says. Out: the resource, and what was odd in it.

use super::cells::{self, Account};
use super::columns::Column;
use crate::catalog::Catalog;
use crate::catalog::attributes::open::OPEN;
use crate::catalog::engines::{self, EngineTable};
use crate::catalog::predicate::Attributes;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::inventory::import::{ImportedResource, json, paths, secrets};
use serde_json::{Map, Value};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Who reads rows, and what was odd in those that were read.
#[derive(Debug)]
pub(super) struct Reader<'c> {
    /// The file.
    pub(super) file: Arc<str>,
    catalog: &'c Catalog,
    /// The query engine's table that the rows are of.
    pub(super) engine: Option<EngineTable>,
    /// The sheet of a workbook that has several.
    sheet: Option<String>,
    /// Whether numbers may have decimal commas.
    has_commas: bool,
    odd: Odd,
}

/// How many rows are odd in a way that keeps nothing out, and the line of the first of them.
#[derive(Debug)]
struct Count(AtomicU64, AtomicU64);

impl Default for Count {
    fn default() -> Self {
        Self(AtomicU64::new(0), AtomicU64::new(u64::MAX))
    }
}

impl Count {
    fn add(&self, line: u64) {
        self.0.fetch_add(1, Ordering::Relaxed);
        self.1.fetch_min(line, Ordering::Relaxed);
    }
}

/// What was odd.
#[derive(Debug, Default)]
struct Odd {
    /// Accounts by something else than a number.
    accounts: Count,
    /// Accounts that were rounded.
    rounded: Count,
    /// Those of rows whose ARN has the number.
    rounded_beside: Count,
    /// Accounts that lack zeros, in rows whose ARN has the number.
    short: Count,
    /// Numbers of resources that are none.
    counts: Count,
}

/// What a row is.
pub(super) enum Row {
    /// A resource.
    Resource(Box<ImportedResource>),
    /// It stands for none.
    Empty,
    /// It does not say what it is.
    Nameless,
    /// Its account number lacks zeros, and nothing else tells it.
    Short(String),
}

/// Cells of a row that are looked at together.
#[derive(Default)]
struct Whose<'r> {
    kind: Option<&'r str>,
    id: Option<&'r str>,
    account: Option<&'r str>,
    region: Option<&'r str>,
    zone: Option<&'r str>,
}

impl<'c> Reader<'c> {
    /// A reader of rows: of an engine's table, or of people's, which may be a sheet.
    pub(super) fn new(
        file: &Arc<str>,
        catalog: &'c Catalog,
        (engine, sheet): (Option<EngineTable>, Option<String>),
        has_commas: bool,
    ) -> Self {
        Self {
            file: file.clone(),
            catalog,
            engine,
            sheet,
            has_commas,
            odd: Odd::default(),
        }
    }

    /// The resource of a row.
    pub(super) fn resource<'r>(&self, cells: impl Iterator<Item = (&'r Column, &'r str)>, line: u64) -> Row {
        let mut resource = ImportedResource {
            count: 1,
            ..ImportedResource::default()
        };
        let (mut whose, mut config) = (Whose::default(), Map::new());
        for (column, cell) in cells {
            if !(cell.is_empty() || self.engine.is_some() && cells::is_nothing(cell)) {
                self.cell((column, cell), &mut resource, &mut whose, (&mut config, line));
            }
        }
        // None of a kind is nothing that is deployed.
        if resource.count == 0 {
            return Row::Empty;
        }
        let id = whose.id;
        // The id is an ARN where an export has no column of its own for it.
        if resource.arn.is_none() {
            resource.arn = id.filter(|id| json::arn_fields(id).is_some()).map(str::to_owned);
        }
        let by_table = self.engine.as_ref().and_then(|table| table.kind);
        let by_arn = || {
            let arn = resource.arn.as_deref()?;
            let declared = || self.catalog.type_of_arn(arn).filter(|_| self.engine.is_some());
            declared().map(str::to_owned).or_else(|| json::kind_of_arn(arn))
        };
        let called = whose.kind.or(resource.service.as_deref()).or(by_table);
        let Some(kind) = called.map(str::to_owned).or_else(by_arn) else {
            return Row::Nameless;
        };
        if self.engine.is_some() {
            engines::place(&kind, &mut config);
            // What a query did not select is not known to be unset.
            config.insert(OPEN.to_owned(), true.into());
        }
        resource.kind = kind.into();
        if let Some(number) = self.place(&mut resource, &whose, line) {
            return Row::Short(number);
        }
        resource.id = id.filter(|id| json::arn_fields(id).is_none()).map(str::to_owned);
        let name = resource.name.take().or_else(|| resource.id.clone());
        resource.name = name.or_else(|| json::name_of_arn(resource.arn.as_deref()?));
        resource.tags.sort();
        resource.tags.dedup_by(|a, b| a.0 == b.0);
        resource.address = match &self.sheet {
            Some(sheet) => format!("{sheet}, line {line}"),
            None => format!("line {line}"),
        };
        secrets::clear(&resource.kind, &mut config);
        resource.config = config;
        Row::Resource(Box::new(resource))
    }

    /// Takes in one cell.
    fn cell<'r>(
        &self,
        (column, cell): (&'r Column, &'r str),
        resource: &mut ImportedResource,
        whose: &mut Whose<'r>,
        (config, line): (&mut Attributes, u64),
    ) {
        match column {
            Column::Arn => resource.arn = json::arn_fields(cell).map(|_| cell.to_owned()),
            Column::Type => whose.kind = Some(with_mode(cell, &mut resource.mode)),
            Column::Service => resource.service = Some(with_mode(cell, &mut resource.mode).into()),
            Column::Mode => resource.mode = Some(cell.into()),
            Column::Name => resource.name = Some(cell.to_owned()),
            Column::Id => whose.id = Some(cell),
            Column::Account => whose.account = Some(cell),
            Column::Region => whose.region = Some(cell),
            Column::Zone => whose.zone = Some(cell),
            Column::Environment => resource.environment = Some(cell.into()),
            Column::Owner => resource.owner = Some(cell.into()),
            // What is secret as a whole may not be so in parts.
            Column::Data if secrets::hold_secret(cell) => {}
            Column::Data => resource.data = cell.split([';', ',', '|']).map(|class| class.trim().into()).collect(),
            Column::Count => {
                resource.count = cells::count(cell).unwrap_or_else(|| {
                    self.odd.counts.add(line);
                    1
                });
            }
            Column::Tags => resource.tags.extend(cells::tags(cell)),
            Column::Tag(key) => resource.tags.push((key.as_str().into(), cell.to_owned())),
            Column::Attribute(key) => {
                config.insert(key.clone(), self.value(cell));
            }
            Column::Arns => resource.arn = resource.arn.take().or_else(|| cells::arn(cell)),
            Column::Called(key) => {
                resource.name = Some(cell.to_owned());
                config.insert(key.clone(), cell.into());
            }
            Column::Within(path) => paths::put(config, path, self.value(cell)),
            Column::None => {}
        }
    }

    fn value(&self, cell: &str) -> Value {
        let value = match self.engine {
            Some(_) => cells::queried(cell),
            None => cells::value(cell, self.has_commas),
        };
        match value {
            // A policy is a document, as it is.
            Value::Object(block) if block.contains_key("Statement") => cell.into(),
            block @ (Value::Object(_) | Value::Array(_)) => {
                let inner = crate::inventory::normalised(&Map::from_iter([("block".to_owned(), stated(block))]));
                inner.into_iter().next().map_or(Value::Null, |(_, block)| block)
            }
            plain => plain,
        }
    }

    /// Settles the account and the Region; the number of an account that lacks zeros, if nothing else tells it.
    fn place(&self, resource: &mut ImportedResource, whose: &Whose<'_>, line: u64) -> Option<String> {
        let of_arn = resource.arn.as_deref().and_then(json::arn_fields);
        let in_arn = of_arn.is_some_and(|fields| json::stated(fields[2]).is_some());
        let number = match whose.account.map(cells::account) {
            None => None,
            Some(Account::Number(number)) => Some(number),
            Some(Account::Short(number)) if !in_arn => return Some(number),
            Some(Account::Short(_)) => {
                self.odd.short.add(line);
                None
            }
            Some(Account::Rounded) => {
                let odd = if in_arn { &self.odd.rounded_beside } else { &self.odd.rounded };
                odd.add(line);
                None
            }
            Some(Account::Odd(text)) => {
                self.odd.accounts.add(line);
                Some(text)
            }
        };
        let arn = resource.arn.as_deref();
        (resource.account, resource.region) = json::whereabouts(arn, number.as_deref(), whose.region, whose.zone);
        None
    }

    /// What was odd.
    pub(super) fn warnings(&self) -> Vec<Diagnostic> {
        let whole = "format the column as text, so that the spreadsheet leaves the number whole";
        let open = format!("{whole}; the account is open until then");
        let warn = |count: &Count, code: Code, (one, many): (&str, &str), help: &str| {
            let (rows, first) = (count.0.load(Ordering::Relaxed), count.1.load(Ordering::Relaxed));
            let what = match rows {
                0 => return None,
                1 => format!("1 row {one}"),
                rows => format!("{rows} rows {many}"),
            };
            let place = Place::at(&self.file, usize::try_from(first).unwrap_or(1), 1);
            let mut warning = Diagnostic::new(code, what).at(place).help(help);
            warning.severity = crate::diagnostics::Severity::Warning;
            Some(warning)
        };
        let odd = &self.odd;
        let by = "an account by something else than its twelve digits";
        let rounded = "an account in scientific notation, whose last digits are lost";
        let beside = "an account in scientific notation, whose last digits are lost, beside an ARN that has it whole";
        let short = "an account number with fewer than twelve digits beside an ARN that has it whole";
        let counts = "a count that is no whole number, and counted as 1";
        let told = [
            warn(
                &odd.accounts,
                Code::ImportPartial,
                (&format!("names {by}"), &format!("name {by}")),
                &open,
            ),
            warn(
                &odd.rounded,
                Code::ImportPartial,
                (&format!("has {rounded}"), &format!("have {rounded}")),
                &open,
            ),
            warn(
                &odd.rounded_beside,
                Code::ImportPartial,
                (&format!("has {beside}"), &format!("have {beside}")),
                whole,
            ),
            warn(
                &odd.short,
                Code::LostLeadingZero,
                (&format!("has {short}"), &format!("have {short}")),
                whole,
            ),
            warn(
                &odd.counts,
                Code::ImportPartial,
                (&format!("has {counts}"), &format!("have {counts}")),
                "write it in figures alone",
            ),
        ];
        told.into_iter().flatten().collect()
    }
}

/// A block without what is null in it: an interface that was asked leaves such a field out, which says nothing.
fn stated(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let fields = map.into_iter().filter(|(_, value)| !value.is_null());
            fields.map(|(key, value)| (key, stated(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(stated).collect(),
        plain => plain,
    }
}

/// That an account number lacks zeros, as an inventory is told it, too.
pub(super) fn short(number: &str, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::LostLeadingZero,
        format!("the account number `{number}` has {} digits, not twelve", number.len()),
    )
    .at(place)
    .help(format!(
        "format the column as text and write it with its leading zeros: {number:0>12}"
    ))
}

/// `eks/auto-mode` names the mode along with the service.
fn with_mode<'c>(cell: &'c str, mode: &mut Option<Arc<str>>) -> &'c str {
    let is_word = |word: &str| {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        word.starts_with(|letter: char| letter.is_ascii_lowercase()) && word.bytes().all(is_letter)
    };
    match cell.split_once('/') {
        Some((service, named)) if is_word(named) && !service.is_empty() && !service.contains([':', '.', '/']) => {
            mode.get_or_insert_with(|| named.into());
            service.trim_end()
        }
        _ => cell,
    }
}
