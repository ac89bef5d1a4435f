//! Positions in a long text of which most is one list.
//!
//! In: where the batches of that list lie, or its items in JSON, as whoever decoded them cut them, and routes. Out: the positions
//! that one pass over all of the text would find, with a pass over those batches or items only in which something is asked for;
//! where an item of a batch begins is seen without one.

use super::locate::{Located, locate, locate_around};
use super::place::{Position, Route, Step};
use std::collections::BTreeMap;
use std::ops::Range;

/// How a long text is laid out.
#[derive(Debug, Clone)]
pub enum Layout {
    /// In YAML.
    Batches(Listed),
    /// In JSON.
    Items(Items),
}

impl Layout {
    /// Finds the positions of routes.
    pub(super) fn locate(&self, text: &str, routes: &[&Route]) -> BTreeMap<Route, Located> {
        match self {
            Self::Batches(listed) => listed.locate(text, routes),
            Self::Items(items) => locate_around(text, routes.iter().copied(), items),
        }
    }
}

/// A list in JSON.
#[derive(Debug, Clone)]
pub struct Items {
    /// Its bytes, the brackets included.
    pub list: Range<usize>,
    /// Where each item begins.
    pub begins: Vec<usize>,
}

/// A text in YAML that is cut along a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The key at the top under which the list stands.
    pub key: Box<str>,
    /// What stands before and behind the list.
    pub around: Vec<Part>,
    /// Batches of its items, in their order.
    pub batches: Vec<Part>,
}

/// A part of a text.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its bytes.
    pub bytes: Range<usize>,
    /// How many lines stand before it.
    pub lines: usize,
    /// How many items of the list stand before it.
    pub first: usize,
}

impl Listed {
    /// Finds the positions of routes.
    fn locate(&self, text: &str, routes: &[&Route]) -> BTreeMap<Route, Located> {
        let mut found = BTreeMap::new();
        let mut other: Vec<&Route> = Vec::new();
        let mut by_batch: BTreeMap<usize, Vec<&Route>> = BTreeMap::new();
        for route in routes {
            match route.0.as_slice() {
                [Step::Key(key), Step::Index(index), ..] if **key == *self.key => {
                    let batch = self.batches.partition_point(|batch| batch.first <= *index);
                    by_batch.entry(batch.saturating_sub(1)).or_default().push(*route);
                }
                _ => other.push(*route),
            }
        }
        let list = Route(vec![Step::from(&*self.key)]);
        if !by_batch.is_empty() || other.contains(&&list) {
            found.extend(self.of_list(text).map(|located| (list, located)));
        }
        if !other.is_empty() {
            for part in &self.around {
                let Some(own) = text.get(part.bytes.clone()) else { continue };
                for (route, located) in locate(own, other.iter().copied()) {
                    found.entry(route).or_insert_with(|| located.below(part.lines));
                }
            }
        }
        for (batch, routes) in by_batch {
            let Some(part) = self.batches.get(batch) else { continue };
            let Some(own) = text.get(part.bytes.clone()) else { continue };
            let items = begins(own);
            let is_seen = |route: &&Route| match route.0.as_slice() {
                [_, Step::Index(index)] => items.get(index - part.first).is_some_and(Option::is_some),
                _ => false,
            };
            let (seen, rest): (Vec<&Route>, Vec<&Route>) = routes.into_iter().partition(is_seen);
            for route in seen {
                if let [_, Step::Index(index)] = route.0.as_slice()
                    && let Some(Some(at)) = items.get(index - part.first)
                {
                    let at = Some(*at);
                    found.insert((*route).clone(), Located { key: at, value: at }.below(part.lines));
                }
            }
            if !rest.is_empty() {
                self.within(part, own, &rest, &mut found);
            }
        }
        found
    }

    /// The position of the list itself.
    fn of_list(&self, text: &str) -> Option<Located> {
        let part = self.batches.first()?;
        let before = self.around.first()?;
        let line = text.get(before.bytes.clone())?.matches('\n').count() + 1;
        let first = begins(text.get(part.bytes.clone())?).first().copied().flatten();
        let value = first.and_then(|at| {
            Located {
                key: Some(at),
                value: None,
            }
            .below(part.lines)
            .key
        });
        Some(Located {
            key: Some(Position { line, column: 1 }),
            value,
        })
    }

    /// Looks for what is within the items of a batch.
    fn within(&self, part: &Part, own: &str, routes: &[&Route], found: &mut BTreeMap<Route, Located>) {
        let numbered = |route: &Route, number: &dyn Fn(usize) -> usize| {
            let mut route = route.clone();
            if let Some(Step::Index(index)) = route.0.get_mut(1) {
                *index = number(*index);
            }
            route
        };
        let here: Vec<Route> = routes.iter().map(|route| numbered(route, &|index| index - part.first)).collect();
        // The list stands under its key, as in the whole.
        let text = format!("{}:\n{own}", self.key);
        for (route, located) in locate(&text, &here) {
            if let Some(lines) = part.lines.checked_sub(1).filter(|_| route.0.len() > 1) {
                found.insert(numbered(&route, &|index| index + part.first), located.below(lines));
            }
        }
    }
}

impl Located {
    /// The same in a text that stands below some lines.
    fn below(self, lines: usize) -> Self {
        let below = |at: Position| Position {
            line: at.line + lines,
            ..at
        };
        Self {
            key: self.key.map(below),
            value: self.value.map(below),
        }
    }
}

/// Where each item of a block list begins; none of one that does not begin with a plain key or text.
fn begins(text: &str) -> Vec<Option<Position>> {
    let indent = text.len() - text.trim_start_matches(' ').len();
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some(item) = line
            .get(indent..)
            .filter(|_| line.as_bytes().iter().take(indent).all(|byte| *byte == b' '))
        else {
            continue;
        };
        if item != "-" && !item.starts_with("- ") {
            continue;
        }
        let content = item.get(1..).unwrap_or_default();
        let blanks = content.len() - content.trim_start_matches(' ').len();
        let is_plain = content
            .trim_start_matches(' ')
            .starts_with(|first: char| first.is_ascii_alphanumeric() || matches!(first, '"' | '\'' | '_'));
        found.push(is_plain.then_some(Position {
            line: number + 1,
            column: indent + 1 + blanks + 1,
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_whole() {
        let head = "title: a\n# more\nresources: # here\n";
        let batches = [
            "  - service: rds\n    config: {a: 1, b: [x, y]}\n  # no item\n",
            "  - {service: s3, tags: {k: v}}\n  -\n    type: t\n  - name: n\n",
        ];
        let tail = "parties:\n  b: {name: c}\n";
        let text = format!("{head}{}{}{tail}", batches[0], batches[1]);
        let part = |from: usize, length: usize, first: usize| Part {
            bytes: from..from + length,
            lines: text.get(..from).unwrap_or_default().matches('\n').count(),
            first,
        };
        let second = head.len() + batches[0].len();
        let listed = Listed {
            key: "resources".into(),
            around: vec![part(0, 16, 0), part(second + batches[1].len(), tail.len(), 0)],
            batches: vec![part(head.len(), batches[0].len(), 0), part(second, batches[1].len(), 1)],
        };
        let key = |key: &str| Step::from(key);
        let mut routes = vec![
            Route(vec![key("title")]),
            Route(vec![key("resources")]),
            Route(vec![key("parties"), key("b"), key("name")]),
            Route(vec![key("resources"), Step::Index(0), key("config"), key("b"), Step::Index(1)]),
            Route(vec![key("resources"), Step::Index(1), key("tags"), key("k")]),
            Route(vec![key("resources"), Step::Index(2), key("type")]),
            Route(vec![key("resources"), Step::Index(9)]),
            Route(vec![key("nothing")]),
        ];
        routes.extend((0..4).map(|index| Route(vec![key("resources"), Step::Index(index)])));
        let whole = locate(&text, &routes);
        let parts = listed.locate(&text, &routes.iter().collect::<Vec<_>>());
        assert!(whole.len() > 8);
        for route in &routes {
            assert_eq!(parts.get(route), whole.get(route), "{route}");
        }
    }
}
