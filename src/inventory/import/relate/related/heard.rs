//! What resources say of others, taken in one by one.
//!
//! In: a resource that says something, with its attributes. Out: what it says, and whom it means: owners by their names, or
//! anybody, where it is open or not told whom.

use super::super::links::hash;
use super::super::{Relation, Relations, Roles, Side};
use super::{Related, Saying, called, is_left_open, references};
use crate::catalog::Arn;
use crate::catalog::predicate::Attributes;
use crate::inventory::import::paths::{is_open_at, is_unset_at, texts};
use crate::inventory::import::questions::Questions;
use crate::inventory::import::{Found, Tells};

impl Related {
    /// Takes what a resource says of others: the resource, its attributes with marks for what is open, its scope's number and its
    /// place. `grouped`: whether values that are alike to the catalog may stand for each other. Where it is open whom it means,
    /// it may be any that could be meant.
    pub(in crate::inventory::import) fn hear(
        &mut self,
        relations: &Relations,
        roles: &Roles,
        (found, config, scope, order): (&Found, &Attributes, u32, u64),
        grouped: bool,
    ) {
        for (index, questions) in &roles.says {
            let Some(relation) = relations.list.get(*index) else { continue };
            if relation.unless.as_ref().is_some_and(|key| !texts(config, key).is_empty()) {
                continue;
            }
            if relation.is_mute() {
                self.belongs(relations, *index, (found, config, scope, order));
                continue;
            }
            if found.is_gone && relation.named == Side::Sibling {
                // Whom the owner names, it says itself.
                continue;
            }
            let is_part = relation.unless.as_ref().is_some_and(|key| is_open_at(config, key));
            let is_astray = is_astray(relation, found, config);
            // What a row has no column for is not told, be it whom it means.
            if (found.is_row || found.is_part) && !is_astray {
                self.vague.insert((*index, scope));
            }
            if !is_astray {
                self.float(*index, relation, (found, config, scope, order), grouped.then_some(questions));
            }
            let is_bare = is_astray || found.tells == Tells::Name;
            let is_open = found.perhaps || is_part || is_bare;
            let setting = match found.is_gone {
                true => self.settings.gone(*index, relation, config),
                false if relation.is_unread || is_bare && relation.named == Side::Owner => self.settings.open(*index, relation),
                false => {
                    let questions = grouped.then_some(questions);
                    self.settings.number(*index, relation, (config, order, is_open), questions)
                }
            };
            // Of two that an owner may name one says something, and the other is in its way all the same.
            if relation.named == Side::Owner && self.settings.is_empty(setting) {
                if !(grouped || relation.names.is_empty()) {
                    self.belongs(relations, *index, (found, config, scope, order));
                }
                continue;
            }
            let number = u32::try_from(self.sayings.len()).unwrap_or(u32::MAX);
            self.sayings.push(Saying {
                setting,
                scope,
                order,
                thing: found.resource.arn.as_deref().map_or(0, |arn| hash(0, arn)),
                is_told: !is_bare && !relation.is_unread,
                is_bare,
            });
            let space = relations.spaces.get(*index).copied().unwrap_or(*index);
            match (relation.named, is_astray.then(|| owner_in_arn(relation, found))) {
                (Side::Owner, Some(Some(name))) => self.to_owners.refer(space, name, number, (false, relation.repeats)),
                (_, Some(_)) => self.astray.push(number),
                (Side::Owner, None) => {
                    let names = references(relation, &relation.names, config);
                    names.for_each(|name| self.to_owners.refer(space, &name, number, (found.is_gone, relation.repeats)));
                }
                (Side::Sibling, None) => {
                    called(&relation.names, (found, config)).for_each(|name| self.to_siblings.call(space, &name, number));
                }
            }
        }
    }

    /// Takes in what is said of owners that are left open.
    fn float(
        &mut self,
        index: usize,
        relation: &Relation,
        (found, config, scope, order): (&Found, &Attributes, u32, u64),
        questions: Option<&Questions>,
    ) {
        let names_nobody = || !relation.names.is_empty() && relation.names.iter().all(|key| texts(config, key).is_empty());
        if !(is_left_open(config, &relation.names) || found.is_gone && names_nobody()) {
            return;
        }
        let setting = match found.is_gone {
            true => self.settings.gone(index, relation, config),
            false if relation.is_unread => self.settings.open(index, relation),
            false => self.settings.number(index, relation, (config, order, true), questions),
        };
        if !self.settings.is_empty(setting) {
            self.floating.insert((index, scope, setting));
        }
    }
}

/// Whether it is not told to whom a resource belongs that may belong to somebody: what a source tells but in part, or by name
/// alone, may name an owner all the same.
fn is_astray(relation: &Relation, found: &Found, config: &Attributes) -> bool {
    let is_told = |key: &String| !texts(config, key).is_empty() || is_open_at(config, key);
    if found.is_gone || relation.names.is_empty() || relation.names.iter().any(is_told) {
        return false;
    }
    if relation.is_unread {
        return true;
    }
    if relation.named == Side::Sibling {
        return false;
    }
    match found.tells {
        Tells::All => false,
        Tells::Settings if relation.declared.optional => false,
        Tells::Settings | Tells::Part => !relation.names.iter().any(|key| is_unset_at(config, key)),
        Tells::Name => true,
    }
}

/// The owner as the resource's ARN tells it.
pub(super) fn owner_in_arn<'f>(relation: &Relation, found: &'f Found) -> Option<&'f str> {
    let arn = Arn::parse(found.resource.arn.as_deref()?)?;
    relation.declared.owner_in(arn.resource)
}
