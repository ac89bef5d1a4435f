//! What other files say of results: which managed rule a user's rule is, and what a column of a row means.
//!
//! In: rules by their names, checks with the names of their columns; results that wait for them. Out: results that are
//! right whichever file was read first.

use super::texts::Texts;
use super::{CheckResult, Target, names};
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What a rule of AWS Config is, as the account says that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) account: Option<Arc<str>>,
    pub(super) region: Option<Arc<str>>,
    /// The managed rule; none for a rule of the user's own.
    pub(super) identifier: Option<Arc<str>>,
    pub(super) parameters: Arc<[(Arc<str>, Arc<str>)]>,
}

/// What a check is called, and what the columns of its rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Advice {
    pub(super) title: Option<Arc<str>>,
    pub(super) columns: Vec<Arc<str>>,
}

/// What is known of rules and checks.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    rules: BTreeMap<Arc<str>, Vec<Rule>>,
    advice: BTreeMap<Arc<str>, Advice>,
    /// Checks of rules that only their names tell.
    by_name: HashMap<Arc<str>, Arc<str>, RandomState>,
    /// Whether something became known that results do not say yet.
    pub(super) is_new: bool,
}

/// What a result waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Open {
    /// To which managed rule the rule of this name belongs.
    Rule(Arc<str>),
    /// What these cells mean.
    Row(Arc<[Arc<str>]>),
}

impl Known {
    pub(super) fn add_rule(&mut self, name: Arc<str>, rule: Rule) {
        let rules = self.rules.entry(name).or_default();
        if !rules.contains(&rule) {
            rules.push(rule);
            self.is_new = true;
        }
    }

    pub(super) fn add_advice(&mut self, check: Arc<str>, advice: Advice) {
        if self.advice.get(&check) != Some(&advice) {
            self.advice.insert(check, advice);
            self.is_new = true;
        }
    }

    /// Adds what somebody else knows.
    pub(super) fn extend(&mut self, other: &Self) {
        for (name, rules) in &other.rules {
            rules.iter().for_each(|rule| self.add_rule(name.clone(), rule.clone()));
        }
        for (check, advice) in &other.advice {
            self.add_advice(check.clone(), advice.clone());
        }
    }

    /// Says in a result what is known.
    pub(super) fn close(&mut self, open: &Open, result: &mut CheckResult, texts: &mut Texts) {
        match open {
            Open::Rule(name) => self.name_rule(name, result, texts),
            Open::Row(cells) => self.name_resource(cells, result, texts),
        }
    }

    fn name_rule(&mut self, name: &Arc<str>, result: &mut CheckResult, texts: &mut Texts) {
        let is_same = |one: &Option<Arc<str>>, other: &Option<Arc<str>>| one.is_none() || other.is_none() || one == other;
        let rules = self.rules.get(name).into_iter().flatten();
        let mut of_target =
            rules.filter(|rule| is_same(&rule.account, &result.target.account) && is_same(&rule.region, &result.target.region));
        let Some(first) = of_target.next() else {
            if let Some(check) = self.by_name.get(name) {
                result.check.clone_from(check);
                return;
            }
            let check = texts.name(&names::rule(name)).unwrap_or_else(|| name.clone());
            self.by_name.insert(name.clone(), check.clone());
            result.check = check;
            return;
        };
        let (mut identifier, mut parameters) = (first.identifier.clone(), first.parameters.clone());
        for other in of_target {
            // Rules of one name may be others elsewhere.
            if identifier != other.identifier {
                identifier = None;
            }
            if parameters != other.parameters {
                parameters = Arc::from([]);
            }
        }
        result.check = identifier.unwrap_or_else(|| name.clone());
        result.parameters = parameters;
    }

    fn name_resource(&self, cells: &[Arc<str>], result: &mut CheckResult, texts: &mut Texts) {
        let Some(advice) = self.advice.get(&result.check) else { return };
        result.title.clone_from(&advice.title);
        if result.target.arn.is_some() {
            return;
        }
        // What says how the resource is, and not which it is.
        let says_how = |column: &str| {
            ["region", "status", "reason", "state"]
                .iter()
                .any(|word| column.to_ascii_lowercase().contains(word))
        };
        let named = advice.columns.iter().zip(cells).filter(|(column, _)| !says_how(column));
        let is_name = |column: &str| {
            let last = column.rsplit([' ', '/']).next().unwrap_or(column);
            ["id", "name", "arn"].iter().any(|word| last.eq_ignore_ascii_case(word))
        };
        let found = named.clone().find(|(column, _)| is_name(column)).or_else(|| named.clone().next());
        result.target = texts.adopt(&Target {
            name: found.map(|(_, cell)| cell.clone()).filter(|cell| !cell.is_empty()),
            ..(*result.target).clone()
        });
    }
}
