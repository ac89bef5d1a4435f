//! Programs that are killed at any moment, and several that write to one place: what stands there is whole.

use crate::files::all;
use crate::support::{Folder, repository};
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Files by their names.
type Files = Vec<(String, Vec<u8>)>;

/// A command that writes, whose outputs depend on the date, or on what is read; and what it writes.
struct Writes {
    command: &'static [&'static str],
    /// What makes the outputs others.
    versions: [&'static [&'static str]; 2],
    outputs: &'static [&'static str],
    /// How often it is killed.
    times: usize,
}

const DATES: [&[&str]; 2] = [&["--as-of", "2026-11-01"], &["--as-of", "2026-12-24"]];

const COMMANDS: &[Writes] = &[
    Writes {
        command: &["report", "-o", "d/r.md", "-o", "d/r.json", "-o", "d/r.html"],
        versions: DATES,
        outputs: &["d/r.md", "d/r.json", "d/r.html"],
        times: 60,
    },
    Writes {
        command: &[
            "pack",
            "-o",
            "d/p",
            "--edition",
            "review",
            "--format",
            "markdown",
            "--format",
            "csv",
        ],
        versions: DATES,
        outputs: &["d/p"],
        times: 50,
    },
    Writes {
        command: &["pack", "-o", "d/p.zip", "--edition", "review", "--format", "csv"],
        versions: DATES,
        outputs: &["d/p.zip"],
        times: 40,
    },
    Writes {
        command: &["import", "-o", "d/i.yaml"],
        versions: [&["one.tfstate"], &["two.tfstate"]],
        outputs: &["d/i.yaml"],
        times: 50,
    },
];

impl Writes {
    fn start(&self, folder: &Folder, version: usize) -> Child {
        Command::new(env!("CARGO_BIN_EXE_cloudraci"))
            .args(self.command)
            .args(self.versions[version])
            .current_dir(folder.path(""))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Writes a version that stays.
    fn write(&self, folder: &Folder, version: usize) {
        folder.run(&[self.command, self.versions[version]].concat()).well();
    }

    /// What stands at each output: all files in it.
    fn standing(&self, folder: &Folder) -> Vec<Files> {
        let all = all(folder);
        let of = |output: &&str| {
            let inner = format!("{output}/");
            let files = all.iter().filter(|(name, _)| name == *output || name.starts_with(&inner));
            files.cloned().collect()
        };
        self.outputs.iter().map(of).collect()
    }

    /// That each output is one version or the other, whole.
    fn holds(&self, folder: &Folder, versions: &[Vec<Files>; 2], when: &str) {
        for (at, standing) in self.standing(folder).iter().enumerate() {
            assert!(!standing.is_empty(), "{:?}, {when}: `{}` is gone", self.command, self.outputs[at]);
            let is_whole = versions.iter().any(|version| version[at] == *standing);
            assert!(
                is_whole,
                "{:?}, {when}: `{}` is neither the one nor the other",
                self.command, self.outputs[at]
            );
        }
    }
}

/// A folder in which both versions were written, and what each of them is.
fn written(command: &Writes) -> (Folder, [Vec<Files>; 2]) {
    let state = repository("inventories/reference/terraform/prod.tfstate");
    let folder = Folder::golden()
        .with("one.tfstate", &state)
        .with("two.tfstate", state.replace("prod", "test"));
    // What is renewed may keep something of what stood there: the second time it is as it stays.
    let [_, _, second, first] = [1, 0, 1, 0].map(|version| {
        command.write(&folder, version);
        command.standing(&folder)
    });
    assert_ne!(first, second, "{:?}", command.command);
    (folder, [first, second])
}

fn names(folder: &Folder) -> Vec<String> {
    all(folder).into_iter().map(|(name, _)| name).collect()
}

/// Two hundred times in all, most of them where outputs are written.
#[test]
fn killed_at_random_two_hundred_times_the_former_or_the_new_stands_whole() {
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]);
    let mut all_times = 0;
    for command in COMMANDS {
        let (folder, versions) = written(command);
        let before = names(&folder);
        let start = Instant::now();
        command.write(&folder, 0);
        let mut takes = u64::try_from(start.elapsed().as_micros()).unwrap();
        let mut killed = 0;
        for time in 0..command.times {
            let mut child = command.start(&folder, 1 - time % 2);
            let part = random.next_u64() % 1000;
            let part = if time % 4 == 0 { part } else { 500 + part * 6 / 10 };
            std::thread::sleep(Duration::from_micros(takes * part / 1000));
            child.kill().unwrap();
            // How long it takes hangs on what else the machine does: those that end and those that are killed keep about even.
            if child.wait().unwrap().success() {
                takes = takes * 9 / 10;
            } else {
                killed += 1;
                takes = takes * 21 / 20;
            }
            if command.outputs == ["d/p"] && !folder.path("d/p").exists() {
                // Where two names cannot change places at once, looking for it is enough to get it back.
                folder.run(&["verify", "d/p"]).well();
            }
            command.holds(&folder, &versions, &format!("killed {time} times, after {part} of 1000"));
            if time % 10 == 9 {
                // The next run leaves nothing of those that were killed.
                command.write(&folder, 0);
                assert_eq!(names(&folder), before, "{:?}", command.command);
            }
        }
        assert!(
            killed > command.times / 4,
            "{:?} was too quick to be killed: {killed}",
            command.command
        );
        all_times += command.times;
    }
    assert_eq!(all_times, 200);
}

#[test]
fn of_two_that_write_at_once_one_stands_whole() {
    for command in COMMANDS {
        let (folder, versions) = written(command);
        let before = names(&folder);
        for round in 0..12 {
            let children = [0, 1, 1 - round % 2].map(|version| command.start(&folder, version));
            let mut fine = 0;
            for mut child in children {
                let code = child.wait().unwrap().code();
                assert!(matches!(code, Some(0 | 3)), "{:?}: {code:?}", command.command);
                fine += usize::from(code == Some(0));
            }
            assert!(fine > 0, "{:?}: none of them could write", command.command);
            command.holds(&folder, &versions, &format!("written by three, round {round}"));
            assert_eq!(names(&folder), before, "{:?}", command.command);
        }
    }
}

/// While it is written, a reader sees the former or the new, and never a part.
#[test]
fn who_reads_meanwhile_sees_one_version_whole() {
    let command = &COMMANDS[0];
    let (folder, versions) = written(command);
    let mut seen = 0;
    for version in [1, 0, 1] {
        let mut child = command.start(&folder, version);
        while child.try_wait().unwrap().is_none() {
            for (at, output) in command.outputs.iter().enumerate() {
                let bytes = folder.bytes(output);
                assert!(versions.iter().any(|version| version[at][0].1 == bytes), "{output} is half written");
                seen += 1;
            }
        }
        assert!(child.wait().unwrap().success());
    }
    assert!(seen > 10, "{seen}");
}
