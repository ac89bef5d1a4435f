//! How bad a finding is.
//!
//! In: the severity of a duty, the classes of its data and its environment. Out: a severity and why it is that. The rule is
//! data: `catalog/aws/severity.yaml`, over which an inventory may put entries of its own.

use super::file::Severity;
use indexmap::IndexMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The name that stands for all that are not named.
pub(crate) const OTHER: &str = "other";

/// What a class of data or an environment does to a severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// One step down.
    Lower,
    /// None.
    Keep,
    /// One step up.
    Raise,
}

impl Step {
    fn number(self) -> i8 {
        match self {
            Self::Lower => -1,
            Self::Keep => 0,
            Self::Raise => 1,
        }
    }
}

/// How bad findings are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SeverityRule {
    /// Of duties, by activity or control, in the place of what the catalog says; the activity goes first.
    #[serde(default)]
    pub duty: IndexMap<String, Severity>,
    /// What classes of data do, by name; `other`: those that are not named.
    #[serde(default)]
    pub data: IndexMap<String, Step>,
    /// What environments do, by name; `other`: those that are not named.
    #[serde(default)]
    pub environment: IndexMap<String, Step>,
    /// Of findings about no duty, by code.
    #[serde(default)]
    pub finding: IndexMap<String, Severity>,
}

/// A severity, and why it is that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// How bad it is.
    pub severity: Severity,
    /// Why, in words.
    pub because: String,
}

/// What a duty is rated by.
#[derive(Debug, Clone, Copy)]
pub struct Rating<'a> {
    /// The activity's id.
    pub activity: &'a str,
    /// The control's id.
    pub control: &'a str,
    /// What the catalog says.
    pub severity: Severity,
    /// Classes of the data concerned, sorted.
    pub data: &'a [&'a str],
    /// The environment.
    pub environment: Option<&'a str>,
}

impl SeverityRule {
    /// This rule with the entries of another over it.
    #[must_use]
    pub fn under(&self, own: &Self) -> Self {
        let mut rule = self.clone();
        // What is said of one name goes before what is said of it by another spelling.
        let names = |steps: &IndexMap<String, Step>| steps.iter().map(|(name, step)| (spelt(name), *step)).collect::<Vec<_>>();
        rule.data.extend(names(&own.data));
        rule.environment.extend(names(&own.environment));
        rule.duty.extend(own.duty.iter().map(|(name, severity)| (name.clone(), *severity)));
        rule.finding
            .extend(own.finding.iter().map(|(name, severity)| (name.clone(), *severity)));
        rule
    }

    /// How bad it is that a duty is not met.
    #[must_use]
    pub fn of_duty(&self, rating: Rating<'_>) -> Rated {
        let own = self.duty.get(rating.activity).or_else(|| self.duty.get(rating.control));
        let begin = own.copied().unwrap_or(rating.severity);
        let because = match own {
            Some(severity) => format!("{} for the duty, as the inventory says", severity.word()),
            None => format!("{} for the duty", rating.severity.word()),
        };
        self.moved(begin, because, rating.data, rating.environment)
    }

    /// How bad a finding about resources and no duty is: as all of its kind, moved by their data and environment.
    #[must_use]
    pub fn of_resources(&self, code: &str, data: &[&str], environment: Option<&str>) -> Rated {
        let begin = self.of_finding(code).severity;
        self.moved(begin, format!("{} for a finding of this kind", begin.word()), data, environment)
    }

    /// A severity as classes of data and an environment move it, and why.
    fn moved(&self, begin: Severity, because: String, data: &[&str], environment: Option<&str>) -> Rated {
        let mut words = vec![because];
        let of_data = data.iter().map(|class| step(&self.data, class, Strangers::Count)).max();
        let of_place = environment.map(|name| step(&self.environment, name, Strangers::Pass));
        match of_data {
            Some(by @ (Step::Raise | Step::Lower)) => {
                let moving = data.iter().filter(|class| step(&self.data, class, Strangers::Count) == by);
                let classes: Vec<&str> = moving.copied().collect();
                words.push(format!("{} for {} data", by.in_words(), classes.join(" and ")));
            }
            Some(Step::Keep) | None => {}
        }
        if let (Some(by @ (Step::Raise | Step::Lower)), Some(name)) = (of_place, environment) {
            words.push(format!("{} for the environment {name}", by.in_words()));
        }
        let moved = of_data.map_or(0, Step::number) + of_place.map_or(0, Step::number);
        let (severity, is_cut) = begin.moved(moved);
        if is_cut {
            let way = if severity == Severity::High { "more" } else { "less" };
            words.push(format!("no {way} than {}", severity.word()));
        }
        Rated {
            severity,
            because: words.join(", "),
        }
    }

    /// How much classes of data and an environment weigh: what weighs most is first in order.
    #[must_use]
    pub fn weight(&self, data: &[&str], environment: Option<&str>) -> Reverse<i8> {
        let of_data = data.iter().map(|class| step(&self.data, class, Strangers::Count)).max();
        let of_place = environment.map(|name| step(&self.environment, name, Strangers::Pass));
        Reverse(of_data.map_or(0, Step::number) + of_place.map_or(0, Step::number))
    }

    /// Whether a class of data makes a finding worse: what is called classified.
    #[must_use]
    pub fn is_classified(&self, class: &str) -> bool {
        step(&self.data, class, Strangers::Count) == Step::Raise
    }

    /// How bad a finding about no duty is; medium where the rule does not say it.
    #[must_use]
    pub fn of_finding(&self, code: &str) -> Rated {
        let severity = self.finding.get(code).copied().unwrap_or(Severity::Medium);
        Rated {
            severity,
            because: format!("{} for every finding of this kind", severity.word()),
        }
    }

    /// The names of classes and environments, by what they do.
    #[must_use]
    pub fn by_step(names: &IndexMap<String, Step>) -> BTreeMap<Step, Vec<&str>> {
        let mut found: BTreeMap<Step, Vec<&str>> = BTreeMap::new();
        for (name, step) in names {
            found.entry(*step).or_default().push(name);
        }
        found
    }
}

impl Step {
    fn in_words(self) -> &'static str {
        match self {
            Self::Lower => "a step down",
            Self::Keep => "no step",
            Self::Raise => "a step up",
        }
    }
}

impl Severity {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// All of them, worst first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// So many steps up, and whether there were fewer to go.
    fn moved(self, steps: i8) -> (Self, bool) {
        let wanted = self as i8 - steps;
        match wanted {
            ..0 => (Self::High, true),
            0 => (Self::High, false),
            1 => (Self::Medium, false),
            2 => (Self::Low, false),
            3.. => (Self::Low, true),
        }
    }
}

/// Words of a name that the rule does not know.
#[derive(Clone, Copy)]
enum Strangers {
    /// They do what all others do: `public-health` is no public class.
    Count,
    /// They say nothing: `payments-dev` is a development environment.
    Pass,
}

/// What a name does: as a whole, else by its words, of which the one counts that makes it worst, else what all others do.
fn step(steps: &IndexMap<String, Step>, name: &str, strangers: Strangers) -> Step {
    let name = spelt(name);
    let other = steps.get(OTHER).copied();
    let known = |name: &str| steps.get(name).copied().filter(|_| name != OTHER);
    known(&name)
        .or_else(|| {
            let words = name.split('-');
            match strangers {
                Strangers::Count => words.map(|word| known(word).or(other)).max().flatten(),
                Strangers::Pass => words.filter_map(known).max(),
            }
        })
        .or(other)
        .unwrap_or(Step::Keep)
}

/// A name in small letters, its words apart by hyphens.
fn spelt(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn rated(rule: &SeverityRule, severity: Severity, data: &[&str], environment: Option<&str>) -> Rated {
        rule.of_duty(Rating {
            activity: "rds.backup.customer.retention",
            control: "backup",
            severity,
            data,
            environment,
        })
    }

    #[test]
    fn data_and_environment_move_a_severity_a_step_each() {
        let rule = Catalog::builtin().unwrap().severity;
        for (severity, data, environment, expected, because) in [
            (Severity::Medium, &[][..], None, Severity::Medium, "medium for the duty"),
            (Severity::Medium, &[], Some("prod"), Severity::Medium, "medium for the duty"),
            (
                Severity::Medium,
                &["cardholder", "internal", "personal"],
                Some("Production"),
                Severity::High,
                "medium for the duty, a step up for cardholder and personal data",
            ),
            (
                Severity::Low,
                &["public-health"],
                None,
                Severity::Medium,
                "low for the duty, a step up for public-health data",
            ),
            (Severity::Low, &["internal"], Some("prod-eu"), Severity::Low, "low for the duty"),
            (
                Severity::High,
                &[],
                Some("payments_dev"),
                Severity::Medium,
                "high for the duty, a step down for the environment payments_dev",
            ),
            (
                Severity::High,
                &["personal"],
                Some("dev"),
                Severity::High,
                "high for the duty, a step up for personal data, a step down for the environment dev",
            ),
            (
                Severity::High,
                &["health"],
                None,
                Severity::High,
                "high for the duty, a step up for health data, no more than high",
            ),
            (
                Severity::Low,
                &[],
                Some("test"),
                Severity::Low,
                "low for the duty, a step down for the environment test, no less than low",
            ),
            // In doubt an environment is no lesser one.
            (Severity::High, &[], Some("prod-test"), Severity::High, "high for the duty"),
            (Severity::High, &[], Some("other"), Severity::High, "high for the duty"),
        ] {
            let found = rated(&rule, severity, data, environment);
            assert_eq!(
                (found.severity, found.because.as_str()),
                (expected, because),
                "{data:?} {environment:?}"
            );
        }
    }

    #[test]
    fn an_inventory_s_entries_go_before_the_catalog_s() {
        let own: SeverityRule = serde_yaml::from_str(
            "{duty: {backup: low, rds.backup.customer.retention: medium}, data: {Internal: raise, other: keep}, environment: {dev: keep}}",
        )
        .unwrap();
        let rule = Catalog::builtin().unwrap().severity.under(&own);
        let found = rated(&rule, Severity::High, &["internal"], Some("dev"));
        assert_eq!(found.severity, Severity::High);
        assert_eq!(
            found.because,
            "medium for the duty, as the inventory says, a step up for internal data"
        );
        assert_eq!(rated(&rule, Severity::High, &["personal"], Some("dev")).severity, Severity::Medium);
    }

    #[test]
    fn every_finding_about_no_duty_has_a_severity() {
        let rule = Catalog::builtin().unwrap().severity;
        for code in rule.finding.keys() {
            assert!(crate::diagnostics::Code::from_id(code).is_some(), "{code}");
        }
    }
}
