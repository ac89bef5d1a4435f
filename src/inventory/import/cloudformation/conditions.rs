//! The conditions of a template, and the assertions of its rules.
//!
//! In: their functions. Out: whether they hold, as far as the template settles it.

use super::functions::{Settled, as_text};
use super::template::Template;
use crate::limits::TEMPLATE_DEPTH as DEPTH;
use serde_json::Value;
use std::collections::BTreeSet;

impl Template<'_> {
    /// Of two values the one that the condition chooses; both, where they are the same.
    pub(super) fn branch(&self, argument: Value, depth: usize) -> Settled {
        let Value::Array(parts) = argument else { return Settled::Unknown };
        let Ok([condition, yes, no]) = <[Value; 3]>::try_from(parts) else {
            return Settled::Unknown;
        };
        let holds = condition.as_str().and_then(|name| self.condition(name, depth + 1));
        match holds {
            Some(true) => self.settle(yes, depth + 1),
            Some(false) => self.settle(no, depth + 1),
            None => match (self.settle(yes, depth + 1), self.settle(no, depth + 1)) {
                (Settled::Value(yes), Settled::Value(no)) if yes == no => Settled::Value(yes),
                (Settled::Nothing, Settled::Nothing) => Settled::Nothing,
                _ => Settled::Unknown,
            },
        }
    }

    fn condition(&self, name: &str, depth: usize) -> Option<bool> {
        if let Some((known, asked)) = self.holding.borrow().get(name) {
            self.asked.borrow_mut().extend(asked.iter().cloned());
            return *known;
        }
        let condition = self.conditions.get(name)?;
        self.holding.borrow_mut().insert(name.to_owned(), (None, BTreeSet::new()));
        let before = self.asked.take();
        let holds = self.holds(condition, depth);
        let asked = self.asked.replace(before);
        self.asked.borrow_mut().extend(asked.iter().cloned());
        self.holding.borrow_mut().insert(name.to_owned(), (holds, asked));
        holds
    }

    /// Whether a condition holds in no deployment: it fails, and hangs on no parameter that somebody may give otherwise.
    pub(super) fn never(&self, name: &str) -> bool {
        let fails = self.condition(name, 0) == Some(false);
        let holding = self.holding.borrow();
        fails && holding.get(name).is_some_and(|(_, asked)| asked.is_empty())
    }

    pub(super) fn holds(&self, condition: &Value, depth: usize) -> Option<bool> {
        if depth > DEPTH {
            self.stacks.budget.too_deep();
            return None;
        }
        let map = condition.as_object()?;
        let (name, argument) = map.iter().next().filter(|_| map.len() == 1)?;
        let all = || argument.as_array();
        match name.as_str() {
            "Condition" => self.condition(argument.as_str()?, depth + 1),
            "Fn::Not" => self.holds(all()?.first()?, depth + 1).map(|holds| !holds),
            "Fn::And" => {
                let truths: Vec<Option<bool>> = all()?.iter().map(|one| self.holds(one, depth + 1)).collect();
                if truths.contains(&Some(false)) {
                    Some(false)
                } else {
                    truths.iter().all(Option::is_some).then_some(true)
                }
            }
            "Fn::Or" => {
                let truths: Vec<Option<bool>> = all()?.iter().map(|one| self.holds(one, depth + 1)).collect();
                if truths.contains(&Some(true)) {
                    Some(true)
                } else {
                    truths.iter().all(Option::is_some).then_some(false)
                }
            }
            "Fn::Equals" => {
                let [a, b] = all()?.as_slice() else { return None };
                self.are_equal(a, b, depth)
            }
            // What rules ask of parameters.
            "Fn::Contains" => {
                let [list, value] = all()?.as_slice() else { return None };
                self.is_in(value, list, depth)
            }
            "Fn::EachMemberIn" | "Fn::EachMemberEquals" => {
                let [list, allowed] = all()?.as_slice() else { return None };
                let members = self.known(self.copied(list)?, depth)?;
                let members = members.as_array()?;
                let truth = |member: &Value| {
                    if name == "Fn::EachMemberIn" {
                        self.is_in(member, allowed, depth)
                    } else {
                        self.are_equal(member, allowed, depth)
                    }
                };
                let truths: Vec<Option<bool>> = members.iter().map(truth).collect();
                if truths.contains(&Some(false)) {
                    Some(false)
                } else {
                    truths.iter().all(Option::is_some).then_some(true)
                }
            }
            _ => None,
        }
    }

    /// Whether two values are the same. What a reference leads to is not known, but it is not empty.
    fn are_equal(&self, a: &Value, b: &Value, depth: usize) -> Option<bool> {
        let (a, b) = (self.known(self.copied(a)?, depth)?, self.known(self.copied(b)?, depth)?);
        let (a, b) = (as_text(&a)?, as_text(&b)?);
        let refers = a.contains("${") || b.contains("${");
        if refers && a != b && !a.is_empty() && !b.is_empty() {
            return None;
        }
        Some(a == b)
    }

    /// Whether a value is one of a list.
    fn is_in(&self, value: &Value, list: &Value, depth: usize) -> Option<bool> {
        let list = self.known(self.copied(list)?, depth)?;
        let truths: Vec<Option<bool>> = list.as_array()?.iter().map(|one| self.are_equal(value, one, depth)).collect();
        if truths.contains(&Some(true)) {
            Some(true)
        } else {
            truths.iter().all(Option::is_some).then_some(false)
        }
    }
}
