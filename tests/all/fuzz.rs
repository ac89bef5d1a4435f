//! Hostile input at random: small files of every kind, changed, and given to the program as anybody would give them.
//!
//! Each round sees to it that the program ends by itself with a code from 0 to 3, in at most 10 s for each MB that it reads,
//! within 1 GB of memory; that what it wrote is whole or as it was, and nothing lies about; and that a token that was planted
//! is in nothing that it writes or says. `.ci/fuzz` runs the rounds; what they found lies in `tests/fixtures/fuzz/`, one folder
//! a target, and is tried again in every run of the tests.

#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/rounds.rs"]
mod rounds;
#[path = "fuzz/targets.rs"]
mod targets;

use crate::support::{Folder, root};
use mutate::Mutator;
use rounds::{Input, judged};
use std::time::{Duration, Instant};
use targets::{Target, targets};

/// How long a target is tried where nothing else is said, and from which beginning on.
const SECONDS: u64 = 5;

/// What the environment says of a run: numbers alone, so that a run can be made again.
#[allow(clippy::disallowed_methods)]
fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| {
        text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}"))
    })
}

/// Tries a target until its time is up. What fails is kept under `target/fuzz/`.
#[allow(clippy::print_stdout)] // How far it came is what a run with `--nocapture` is for.
fn fuzz(id: &str) {
    let target = target(id);
    let (seconds, beginning) = (asked("FUZZ_SECONDS", SECONDS), asked("FUZZ_SEED", 1));
    let most = usize::try_from(asked("FUZZ_INPUTS", u64::MAX)).unwrap_or(usize::MAX);
    let seeds = (target.seeds)();
    assert!(seeds.len() > 1, "{id} has nothing to begin with");
    let (start, mut rounds, mut found) = (Instant::now(), 0, Vec::new());
    let mut mutator = Mutator::new(beginning);
    while start.elapsed() < Duration::from_secs(seconds) && rounds < most && found.len() < 10 {
        let inputs: Vec<Input> = (0..target.batch)
            .map(|_| {
                let (seed, other) = (mutator.of(&seeds), mutator.of(&seeds));
                let bytes = mutator.changed(&seed.bytes, &other.bytes);
                let (bytes, is_planted) = if target.has_secrets {
                    mutator.planted(bytes)
                } else {
                    (bytes, false)
                };
                Input {
                    name: seed.name.clone(),
                    bytes,
                    is_planted,
                }
            })
            .collect();
        rounds += inputs.len();
        let Err(all) = judged(&target, &inputs) else { continue };
        // Several at once are quicker, and one of them alone is what is to be mended.
        let alone = inputs
            .iter()
            .filter_map(|input| Some((input, judged(&target, std::slice::from_ref(input)).err()?)));
        let mut alone: Vec<(&Input, String)> = alone.collect();
        if alone.is_empty() {
            alone = inputs.iter().map(|input| (input, format!("together with others: {all}"))).collect();
        }
        for (input, why) in alone {
            let kept = root().join(format!("target/fuzz/{id}/{beginning}-{rounds}-{}-{}", found.len(), input.name));
            std::fs::create_dir_all(kept.parent().unwrap()).unwrap();
            std::fs::write(&kept, &input.bytes).unwrap();
            found.push(format!("{}: {why}", kept.display()));
        }
    }
    assert!(
        found.is_empty(),
        "{id}, after {rounds} inputs from {beginning} on:\n{}",
        found.join("\n")
    );
    println!("{id}: {rounds} inputs from {beginning} on, in {:?}", start.elapsed());
}

/// What is begun with of all that can be imported.
pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let seeds = targets()
        .into_iter()
        .filter(|target| target.id != "results")
        .flat_map(|target| (target.seeds)());
    seeds.map(|seed| (seed.name, seed.bytes)).collect()
}

fn target(id: &str) -> Target {
    targets()
        .into_iter()
        .find(|target| target.id == id)
        .unwrap_or_else(|| panic!("no target {id}"))
}

macro_rules! fuzzed {
    ($($id:ident)*) => {
        $(
            #[test]
            #[ignore = "takes as long as FUZZ_SECONDS says; `.ci/fuzz` runs it"]
            fn $id() {
                fuzz(stringify!($id));
            }
        )*

        #[test]
        fn every_target_is_run() {
            let ids: Vec<&str> = targets().iter().map(|target| target.id).collect();
            assert_eq!(ids, [$(stringify!($id)),*]);
        }
    };
}

fuzzed! { terraform cloudformation aws_lists pulumi tables archives results inventory catalog templates pack oscal report }

/// Each seed as it is passes every check, so that a round that fails found something.
#[test]
fn what_was_found_and_what_is_begun_with_ends_well() {
    let mut count = 0;
    for target in targets() {
        let folder = root().join("tests/fixtures/fuzz").join(target.id);
        let kept = std::fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        let mut inputs: Vec<Input> = kept
            .map(|path| Input {
                name: path.file_name().unwrap().to_str().unwrap().to_owned(),
                bytes: std::fs::read(&path).unwrap(),
                is_planted: target.has_secrets,
            })
            .collect();
        inputs.sort_by(|one, other| one.name.cmp(&other.name));
        count += inputs.len();
        inputs.extend((target.seeds)().into_iter().take(1).map(|seed| Input {
            name: seed.name,
            bytes: seed.bytes,
            is_planted: false,
        }));
        for input in &inputs {
            let judged = judged(&target, std::slice::from_ref(input));
            assert!(judged.is_ok(), "{}: {}: {}", target.id, input.name, judged.unwrap_err());
        }
    }
    assert!(count > 0, "nothing of what was found is kept");
}

/// The checks see what they are for: a program that does each of these is told.
#[cfg(target_os = "linux")]
#[test]
fn the_checks_see_what_they_are_for() {
    let folder = Folder::new().with("out/r.json", rounds::FORMER);
    let (limit, outputs) = (Duration::from_secs(2), ["out/r.json".to_owned()]);
    let run = |line: &str| rounds::ended("bash", &["-c".to_owned(), line.to_owned()], &folder, limit);
    for (line, word) in [
        ("kill -ABRT $$", "ended by"),
        ("exit 101", "code 101"),
        ("echo \"thread 'main' panicked at x\" >&2", "panicked"),
        ("echo 'error: cloudraci has failed' >&2; exit 3", "has failed"),
        ("while :; do :; done", "took longer"),
        ("head -c 2000000000 /dev/zero | tail >/dev/null; exit 3", "memory"),
        ("printf half > out/r.json", "out/r.json"),
        ("touch out/.cloudraci-x", "out/.cloudraci-x"),
        ("rm out/r.json", "out/r.json"),
        ("echo zqCanary >&2", "canary"),
    ] {
        let told = run(line)
            .and_then(|ended| ended.well(true))
            .and_then(|()| rounds::whole(&folder, &outputs, &[], true))
            .and_then(|()| rounds::complete(&folder, &outputs));
        assert!(told.as_ref().is_err_and(|told| told.contains(word)), "{line}: {told:?}");
        folder.put("out/r.json", rounds::FORMER);
        let _ = std::fs::remove_file(folder.path("out/.cloudraci-x"));
    }
    run("exit 1").and_then(|ended| ended.well(true)).unwrap();
    rounds::whole(&folder, &outputs, &[], true).unwrap();
}
