//! Work on many things shared among threads.
//!
//! In: things that have nothing to do with one another, and what to make of each. Out: what was made, in their order, so that nothing
//! tells how many threads there were.

use crate::memory;
use std::cmp::Ordering;
use std::sync::{Mutex, PoisonError};

/// How many things are worth threads of their own.
pub(crate) const MANY: usize = 5_000;

/// What is made of each of some things, by as many threads as there are.
pub(crate) fn each<T: Send, M: Send>(things: Vec<T>, make: impl Fn(T) -> M + Sync) -> Vec<M> {
    each_with(things, || (), |(), thing| make(thing))
}

/// As [`each`], with what each thread knows of the things that it had before.
pub(crate) fn each_with<T: Send, K, M: Send>(
    things: Vec<T>,
    nothing: impl Fn() -> K + Sync,
    make: impl Fn(&mut K, T) -> M + Sync,
) -> Vec<M> {
    let others = memory::threads().min(things.len()).saturating_sub(1);
    if others == 0 {
        let mut known = nothing();
        return things.into_iter().map(|thing| make(&mut known, thing)).collect();
    }
    let made = Mutex::new(Vec::with_capacity(things.len()));
    let left = Mutex::new(things.into_iter().enumerate());
    let work = || {
        let (mut known, mut own) = (nothing(), Vec::new());
        loop {
            let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((position, thing)) = next else { break };
            own.push((position, make(&mut known, thing)));
        }
        made.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
    };
    std::thread::scope(|scope| {
        for _ in 0..others {
            // Where none can be started, this one does all.
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    made.sort_unstable_by_key(|(position, _)| *position);
    made.into_iter().map(|(_, made)| made).collect()
}

/// Sorts many things, those that are the same in the order in which they stand, by two threads where there are some.
pub(crate) fn sort<T: Send>(things: &mut [T], order: impl Fn(&T, &T) -> Ordering + Sync) {
    if things.len() >= MANY && memory::threads() > 1 {
        let (first, second) = things.split_at_mut(things.len() / 2);
        std::thread::scope(|scope| {
            let _ = std::thread::Builder::new().spawn_scoped(scope, || second.sort_by(&order));
            first.sort_by(&order);
        });
    }
    // Two halves that are sorted are only merged.
    things.sort_by(order);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_stands_in_the_order_of_the_things() {
        let things: Vec<usize> = (0..10_000).collect();
        let expected: Vec<String> = things.iter().map(ToString::to_string).collect();
        assert_eq!(each(things, |thing| thing.to_string()), expected);
        assert_eq!(each(Vec::<usize>::new(), |thing| thing), Vec::<usize>::new());
    }

    #[test]
    fn what_is_the_same_stays_in_its_order() {
        let mut things: Vec<(usize, usize)> = (0..10_000).map(|position| (position * 7919 % 101, position)).collect();
        let mut expected = things.clone();
        expected.sort_unstable();
        sort(&mut things, |(one, _), (other, _)| one.cmp(other));
        assert_eq!(things, expected);
    }
}
