//! Whether statements of a policy name one resource and what lies below it.
//!
//! In: the names of resources in statements. Out: whether all of them can be the one that the policy is attached to. Which that
//! is the policy does not tell, so where it names two, or one of another service, it is not known to hold for its own.

use crate::catalog::Arn;

/// Whether the names in statements that deny, and those in all statements, can be of one resource and of what is below it; `of`
/// is the namespace, or an action of it, whose policy this is. What leaves open whom it names is nobody else's.
pub(super) fn are_of_one(denied: &[String], all: &[String], of: Option<&str>) -> bool {
    let denied: Vec<Arn> = denied.iter().filter_map(|name| closed(name)).collect();
    let namespace = of.map(|of| of.split(':').next().unwrap_or(of));
    if denied.iter().any(|arn| namespace.is_some_and(|wanted| arn.namespace != wanted)) {
        return false;
    }
    let Some(root) = denied.iter().min_by_key(|arn| arn.resource.len()) else {
        return true;
    };
    let named = all.iter().filter_map(|name| closed(name));
    denied.iter().copied().chain(named).all(|arn| is_in(&arn, root))
}

/// The full name of a resource or of all below it, where it leaves nothing else open.
fn closed(name: &str) -> Option<Arn<'_>> {
    let mut arn = Arn::parse(name)?;
    arn.resource = arn.resource.strip_suffix("/*").unwrap_or(arn.resource);
    let is_open = name.strip_suffix("/*").unwrap_or(name).contains(['*', '?', '$']);
    (!is_open).then_some(arn)
}

/// Whether a resource is another one, or lies below it.
fn is_in(arn: &Arn, root: &Arn) -> bool {
    let is_beside = Arn { resource: "", ..*arn } == Arn { resource: "", ..*root };
    let below = arn.resource.strip_prefix(root.resource);
    is_beside && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
