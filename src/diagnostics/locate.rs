//! Positions of routes in a YAML or JSON text.
//!
//! In: a text that decodes, and the routes that somebody asks for. Out: their positions.
//! `serde_yaml` reports a position only with an error. So the document is replayed through a seed that refuses each
//! scalar on the wanted routes: the error carries the scalar's position, and the walk goes on behind it. This is paid
//! only when there is something to tell.

mod json;

use super::listed::Items;
use super::place::{Position, Route, Step};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

/// Positions of one route: of its key (or list item) and of its value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Located {
    /// Where the key or the list item begins.
    pub key: Option<Position>,
    /// Where the value begins.
    pub value: Option<Position>,
}

#[derive(Default)]
struct Wanted {
    children: BTreeMap<Step, Wanted>,
}

impl Wanted {
    fn of<'a>(routes: impl IntoIterator<Item = &'a Route>) -> Self {
        let mut root = Self::default();
        for route in routes {
            let mut node = &mut root;
            for step in &route.0 {
                node = node.children.entry(step.clone()).or_default();
            }
        }
        root
    }
}

/// Finds the positions of all `routes` in one pass over `text`. A route that the text does not have is missing.
#[must_use]
pub fn locate<'a>(text: &str, routes: impl IntoIterator<Item = &'a Route>) -> BTreeMap<Route, Located> {
    let root = Wanted::of(routes);
    // JSON is read as JSON: YAML knows neither all of its escapes nor keys of more than 1,024 letters.
    if text.trim_start().starts_with(['{', '[']) {
        let mut documents = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
        if let Some(Ok(_)) = documents.next() {
            // Other text may follow, such as a wrapper's.
            return json::locate(text.get(..documents.byte_offset()).unwrap_or(text), &root, None);
        }
    }
    let found = RefCell::new(BTreeMap::new());
    let walk = Walk {
        wanted: &root,
        route: &Route::default(),
        found: &found,
    };
    // An error here means that the text does not decode; its own diagnostic says so.
    let _ = walk.deserialize(serde_yaml::Deserializer::from_str(text));
    found.into_inner()
}

/// The same in a text that is known to be JSON, and of which it is known where the items of a long list begin.
pub(super) fn locate_around<'a>(text: &str, routes: impl IntoIterator<Item = &'a Route>, items: &Items) -> BTreeMap<Route, Located> {
    json::locate(text, &Wanted::of(routes), Some(items))
}

struct Walk<'a> {
    wanted: &'a Wanted,
    route: &'a Route,
    found: &'a RefCell<BTreeMap<Route, Located>>,
}

impl Walk<'_> {
    fn note(&self, route: &Route, key: Option<Position>, value: Option<Position>) {
        let mut found = self.found.borrow_mut();
        let entry = found.entry(route.clone()).or_default();
        entry.key = entry.key.or(key);
        entry.value = entry.value.or(value);
    }
}

/// Refuses any scalar, and keeps its text if it is wanted as a key.
struct Refuse<'a>(&'a RefCell<Option<String>>);

impl<'de> Visitor<'de> for Refuse<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        *self.0.borrow_mut() = Some(text.to_owned());
        Err(E::custom("here"))
    }
}

impl<'de> DeserializeSeed<'de> for Refuse<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

/// The position that an error of `serde_yaml` names at the end of its text; generic access hides its own type.
fn position_of(error: &impl fmt::Display) -> Option<Position> {
    let text = error.to_string();
    let (_, place) = text.rsplit_once("at line ")?;
    let (line, column) = place.split_once(" column ")?;
    Some(Position {
        line: line.trim().parse().ok()?,
        column: column.trim().parse().ok()?,
    })
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = Option<Position>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    /// Where this value begins, if that is known.
    type Value = Option<Position>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut start = None;
        loop {
            let text = RefCell::new(None);
            let position = match map.next_key_seed(Refuse(&text)) {
                Ok(None) => break,
                Ok(Some(())) => None,
                // At the very start of the text an error names no position.
                Err(error) if text.borrow().is_some() => Some(position_of(&error).unwrap_or(Position { line: 1, column: 1 })),
                Err(error) => return Err(error),
            };
            start = start.or(position);
            let step = text.into_inner().map(|key| Step::from(key.as_str()));
            match step.and_then(|step| self.wanted.children.get_key_value(&step)) {
                Some((step, wanted)) => {
                    let route = self.route.then(step.clone());
                    self.note(&route, position, None);
                    match map.next_value_seed(Walk {
                        wanted,
                        route: &route,
                        found: self.found,
                    }) {
                        Ok(value) => self.note(&route, None, value),
                        Err(error) => match scalar_position(&error) {
                            Some(value) => self.note(&route, None, Some(value)),
                            None => return Err(error),
                        },
                    }
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(start)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut start = None;
        for index in 0.. {
            let step = Step::Index(index);
            let route = self.route.then(step.clone());
            let nothing = Wanted::default();
            // The first item is always walked, since a list begins where its first item does.
            let wanted = self.wanted.children.get(&step);
            if wanted.is_none() && index > 0 {
                match list.next_element::<IgnoredAny>()? {
                    Some(_) => continue,
                    None => break,
                }
            }
            let item = Walk {
                wanted: wanted.unwrap_or(&nothing),
                route: &route,
                found: self.found,
            };
            let position = match list.next_element_seed(item) {
                Ok(None) => break,
                Ok(Some(position)) => position,
                Err(error) => match scalar_position(&error) {
                    Some(position) => Some(position),
                    None => return Err(error),
                },
            };
            if wanted.is_some() {
                self.note(&route, position, position);
            }
            start = start.or(position);
        }
        Ok(start)
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Self::Value, E> {
        Err(E::custom(SCALAR))
    }
    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Self::Value, E> {
        Err(E::custom(SCALAR))
    }
    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Self::Value, E> {
        Err(E::custom(SCALAR))
    }
    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Self::Value, E> {
        Err(E::custom(SCALAR))
    }
    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Self::Value, E> {
        Err(E::custom(SCALAR))
    }
    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Err(E::custom(SCALAR))
    }
}

const SCALAR: &str = "scalar-found";

fn scalar_position(error: &impl fmt::Display) -> Option<Position> {
    let text = error.to_string();
    text.contains(SCALAR).then(|| position_of(&text)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_lead_to_lines_and_columns() {
        let text = "title: a\nresources:\n  - service: rds\n    config: {a: 1, b: [x, y]}\n  - service: s3\n";
        let routes = [
            Route(vec!["title".into()]),
            Route(vec!["resources".into(), 1.into(), "service".into()]),
            Route(vec!["resources".into(), 1.into()]),
            Route(vec!["resources".into(), 0.into(), "config".into(), "b".into(), 1.into()]),
        ];
        let found = locate(text, &routes);
        let at = |line, column| Some(Position { line, column });
        assert_eq!(
            found[&routes[0]],
            Located {
                key: at(1, 1),
                value: at(1, 8)
            }
        );
        assert_eq!(
            found[&routes[1]],
            Located {
                key: at(5, 5),
                value: at(5, 14)
            }
        );
        assert_eq!(found[&routes[2]].key, at(5, 5));
        assert_eq!(found[&routes[3]].value, at(4, 27));
    }

    #[test]
    fn json_has_the_same_places_as_yaml() {
        let text = "{\"title\": \"ä \\ud83d\\ude00\", \"resources\": [\n {\"service\": \"rds\", \"config\": {\"a\": [1, -2.5e3, {}], \"b\": null}}, [], true]}";
        let routes = [
            Route(vec!["title".into()]),
            Route(vec!["resources".into()]),
            Route(vec!["resources".into(), 0.into()]),
            Route(vec!["resources".into(), 0.into(), "config".into(), "a".into(), 1.into()]),
            Route(vec!["resources".into(), 0.into(), "config".into(), "b".into()]),
            Route(vec!["resources".into(), 2.into()]),
            Route(vec!["nothing".into()]),
        ];
        let found = locate(text, &routes);
        let at = |line, column| Some(Position { line, column });
        let expected = [
            (at(1, 2), at(1, 11)),
            (at(1, 29), at(1, 42)),
            (at(2, 2), at(2, 2)),
            (at(2, 41), at(2, 41)),
            (at(2, 54), at(2, 59)),
            (at(2, 71), at(2, 71)),
        ];
        for (route, (key, value)) in routes.iter().zip(expected) {
            assert_eq!(found[route], Located { key, value }, "{route}");
        }
        assert!(!found.contains_key(&routes[6]));
    }
}
