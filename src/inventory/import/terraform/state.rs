//! Terraform state of version 4, held or of any length.
//!
//! In: a walk through its JSON. Out: its instances. Blocks are cut here; instances are decoded by whoever takes them.

use super::super::sink::Intake;
use super::VERSIONS;
use super::header::{GONE, Header, configured, text};
use super::instance::Decode;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Route, route};
use crate::source::Stream;
use crate::source::pieces::{At, Batch, Batches, Held, Piece, Shape, Streamed, Walk, start};
use crate::source::splitter::Stop;
use crate::source::text::{Document, PULL, TERRAFORM, is_noise, mended};
use serde_json::{Map, Value};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How many damaged entries have their places looked up.
const NAMED: usize = 100;

/// How many bytes of instances may stand before the type that they are of.
const HELD: usize = 64 * 1024 * 1024;

/// An instance's block and place.
struct Of {
    header: Arc<Header>,
    block: usize,
    index: usize,
    at: At,
    order: u64,
}

/// Something that is wrong with a block or an instance, which is left out.
struct Damage {
    route: Route,
    at: At,
    what: String,
}

/// Takes in a state that is held. `document` tells places.
pub(super) fn held(root: Map<String, Value>, document: &Document<'_>, place: &Place, intake: &mut Intake<'_>) -> Outcome<()> {
    let file = intake.file().clone();
    let places = |routes: &[Route]| -> Vec<Place> {
        let found = document.places(routes.iter(), &file);
        found.into_iter().map(|found| found.unwrap_or_else(|| place.clone())).collect()
    };
    let mut walk = Held::new(Value::Object(root));
    read(intake, false, places, |cutter| {
        // A tree that was decoded has nothing else in it that a walk could stop at.
        let _ = cutter.root(&mut walk);
        let Some(what) = cutter.refused else { return Ok(()) };
        let at = document.places([&route(["resources".into()])].into_iter(), &file).pop().flatten();
        let fault = Diagnostic::new(Code::ImportFailed, what).at(at.unwrap_or_else(|| place.clone()));
        Err(vec![fault.help(PULL)])
    })
}

/// The version that the beginning of a file names; `None` if it names none, or one that is no number.
pub(super) fn version(head: &[u8]) -> Option<u64> {
    let (begin, lines) = start(head);
    let mut walk = Streamed::new(head.get(begin..)?, lines);
    walk.enter().ok()?;
    while let Some(key) = walk.key().ok()? {
        if key == "version" {
            return walk.value().ok()?.as_u64();
        }
        walk.skip().ok()?;
    }
    None
}

/// Takes in a state of any length.
pub(super) fn streamed(stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
    let file = intake.file().clone();
    let (begin, lines) = start(&stream.head);
    let mut walk = Streamed::new(stream.reader(begin), lines);
    let told = |what: &str, (line, column): (usize, usize)| {
        vec![
            Diagnostic::new(Code::ImportFailed, what)
                .at(Place::at(&file, line, column))
                .help(PULL),
        ]
    };
    let cut = |cutter: &mut Cutter<'_>| -> Outcome<()> {
        let ended = cutter.root(&mut walk).and_then(|()| {
            let tail = walk.reader().tail()?;
            if tail.trim().is_empty() || is_noise(&tail) {
                Ok(())
            } else {
                Err(Stop::Syntax("other text follows the end of the JSON"))
            }
        });
        if let Some(what) = cutter.refused {
            return Err(told(what, walk.reader().position()));
        }
        ended.map_err(|stop| vec![walk.stopped(stop, &file, TERRAFORM.help)])?;
        match cutter.is_state {
            true => Ok(()),
            false => Err(told(
                "the file has no `version`, so it is no Terraform state",
                walk.reader().position(),
            )),
        }
    };
    // Each damage has its place already.
    read(intake, true, |_| Vec::new(), cut)
}

/// Cuts a state and takes its instances in.
fn read(
    intake: &mut Intake<'_>,
    in_parallel: bool,
    places: impl FnOnce(&[Route]) -> Vec<Place>,
    cut: impl FnOnce(&mut Cutter<'_>) -> Outcome<()>,
) -> Outcome<()> {
    let file = intake.file().clone();
    let damages = Mutex::new(Vec::new());
    let is_odd = AtomicBool::new(false);
    let note = |damage: Damage| damages.lock().unwrap_or_else(PoisonError::into_inner).push(damage);
    let taken = intake.pieces(
        in_parallel,
        |send| {
            let mut cutter = Cutter {
                batches: Batches::new(send),
                holds: !in_parallel,
                order: 0,
                note: &note,
                is_state: false,
                refused: None,
            };
            let cut = cut(&mut cutter);
            cutter.batches.hand_on();
            cut
        },
        |batch: Batch<Of>, sink| {
            let (bytes, pieces) = batch.into_pieces();
            if !bytes.are_text() {
                is_odd.store(true, Ordering::Relaxed);
            }
            for (of, piece) in pieces {
                let kind = sink.kind(of.header.kind.as_ref().and_then(Value::as_str).unwrap_or_default());
                let seed = Decode {
                    kind: kind.clone(),
                    all: sink.tells_single_ones(),
                };
                match bytes.decode(piece, seed) {
                    Ok(instance) => match instance.wrong {
                        Some(field) => note(of.damage(Some(field))),
                        None => instance.add(&of.header, &kind, of.order, sink),
                    },
                    Err(error) if error.is_data() => note(of.damage(None)),
                    Err(error) => sink.fault(|| of.undecoded(&error, &file)),
                }
            }
        },
    );
    if is_odd.into_inner() {
        intake.warnings.push(mended(&file).at(Place::file(file.clone())));
    }
    let mut damages = damages.into_inner().unwrap_or_else(PoisonError::into_inner);
    damages.sort_by(|a, b| a.route.cmp(&b.route));
    let routes: Vec<Route> = damages.iter().take(NAMED).map(|damage| damage.route.clone()).collect();
    let mut places = if routes.is_empty() { Vec::new() } else { places(&routes) }.into_iter();
    for (order, damage) in (0..).zip(damages) {
        let at = damage.at.map(|(line, column)| Place::at(&file, line, column));
        let place = at.or_else(|| places.next()).unwrap_or_else(|| Place::file(file.clone()));
        let what = format!("`{}` {}", damage.route, damage.what);
        intake.leave_out(order, Diagnostic::new(Code::ImportFailed, what).at(place).help(PULL));
    }
    taken
}

impl Of {
    fn route(&self) -> Route {
        route(["resources".into(), self.block.into(), "instances".into(), self.index.into()])
    }

    /// That the instance, or one of its fields, is not what it should be.
    fn damage(&self, field: Option<&str>) -> Damage {
        let route = self.route();
        Damage {
            route: field.map_or(route.clone(), |field| route.then(field)),
            at: self.at,
            what: "is not a map of fields".to_owned(),
        }
    }

    /// That the instance is no JSON. What serde_json quotes may be a secret; its line and column are those within the instance.
    fn undecoded(&self, error: &serde_json::Error, file: &Arc<str>) -> Diagnostic {
        let shown = crate::text::without_serde(&error.to_string());
        let reason = shown.split(" at line ").next().unwrap_or("it is broken");
        let fault = Diagnostic::new(Code::SyntaxError, format!("`{}` cannot be decoded: {reason}", self.route()));
        let place = self
            .at
            .map_or_else(|| Place::file(file.clone()), |(line, column)| Place::at(file, line, column));
        fault.at(place).help(PULL)
    }
}

/// Cuts a state into instances.
struct Cutter<'c> {
    batches: Batches<'c, Of>,
    /// Whether all instances are held until their block is read.
    holds: bool,
    order: u64,
    note: &'c dyn Fn(Damage),
    /// Whether a version was there.
    is_state: bool,
    /// Why the file cannot be read on.
    refused: Option<&'static str>,
}

/// Instances of a block whose header is not known yet.
#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    pieces: Vec<(usize, At, Piece)>,
}

impl Cutter<'_> {
    fn root(&mut self, walk: &mut impl Walk) -> Result<(), Stop> {
        walk.enter()?;
        while let Some(key) = walk.key()? {
            match key.as_str() {
                "resources" => match walk.shape()? {
                    Shape::List => self.blocks(walk)?,
                    Shape::Null => walk.skip()?,
                    _ => return self.refuse("`resources` is not a list"),
                },
                "version" => {
                    self.is_state = true;
                    if walk.value()?.as_u64() != Some(VERSIONS) {
                        return self.refuse("only state of version 4 can be read piece by piece");
                    }
                }
                _ => walk.skip()?,
            }
        }
        Ok(())
    }

    fn refuse(&mut self, what: &'static str) -> Result<(), Stop> {
        self.refused = Some(what);
        Err(Stop::Syntax(what))
    }

    fn damage(&self, route: Route, at: At, what: impl Into<String>) {
        let what = what.into();
        (self.note)(Damage { route, at, what });
    }

    fn blocks(&mut self, walk: &mut impl Walk) -> Result<(), Stop> {
        walk.enter()?;
        let mut block = 0;
        while walk.item()? {
            if walk.shape()? == Shape::Map {
                self.block(walk, block)?;
            } else {
                self.damage(route(["resources".into(), block.into()]), walk.at(), "is not a map of fields");
                walk.skip()?;
            }
            block += 1;
        }
        Ok(())
    }

    /// One `resource` block with all its instances.
    fn block(&mut self, walk: &mut impl Walk, block: usize) -> Result<(), Stop> {
        let begin = walk.at();
        let here = route(["resources".into(), block.into()]);
        let mut header = Header::default();
        let mut known: Option<Arc<Header>> = None;
        let mut waiting = Waiting::default();
        let mut wrong = None;
        walk.enter()?;
        while let Some(key) = walk.key()? {
            match key.as_str() {
                "mode" => header.mode = text(walk.value()?),
                "type" => header.kind = Some(walk.value()?),
                "provider" => header.provider = text(walk.value()?).map(Arc::from),
                "module" => header.module = text(walk.value()?),
                "name" => header.local = text(walk.value()?),
                "configured" => header.configured = configured(&walk.value()?),
                GONE => header.is_gone = walk.value()? == Value::Bool(true),
                "instances" => match walk.shape()? {
                    Shape::List => {
                        // Terraform writes mode, type and provider first; the provider may be that of the type's name.
                        let is_whole = header.kind_name().is_some() && header.mode.is_some() && header.provider.is_some();
                        if is_whole && !self.holds {
                            known = Some(std::mem::take(&mut header).shared());
                        }
                        self.instances(walk, block, known.as_ref(), &mut waiting)?;
                    }
                    Shape::Null => walk.skip()?,
                    _ => {
                        wrong = Some((here.then("instances"), walk.at(), "is not a list"));
                        walk.skip()?;
                    }
                },
                _ => walk.skip()?,
            }
        }
        let header = known.unwrap_or_else(|| header.shared());
        if !header.is_looked_at() {
            return Ok(());
        }
        if let Some((route, at, what)) = wrong {
            self.damage(route, at, what);
            return Ok(());
        }
        if header.kind_name().is_none() {
            if !waiting.pieces.is_empty() {
                self.damage(here, begin, header.without_type());
            }
            return Ok(());
        }
        for (index, at, piece) in waiting.pieces {
            let piece = match piece {
                Piece::Value(value) => Piece::Value(value),
                Piece::Bytes(range) => {
                    let buffer = self.batches.buffer();
                    let begin = buffer.len();
                    buffer.extend_from_slice(waiting.bytes.get(range).unwrap_or_default());
                    Piece::Bytes(begin..buffer.len())
                }
            };
            self.add(&header, block, (index, at, piece));
        }
        Ok(())
    }

    fn instances(&mut self, walk: &mut impl Walk, block: usize, known: Option<&Arc<Header>>, waiting: &mut Waiting) -> Result<(), Stop> {
        walk.enter()?;
        let mut index = 0;
        while walk.item()? {
            let at = walk.at();
            match known {
                Some(header) if !header.is_looked_at() => walk.skip()?,
                Some(header) => {
                    let piece = walk.piece(self.batches.buffer())?;
                    self.add(header, block, (index, at, piece));
                }
                None => {
                    let piece = walk.piece(&mut waiting.bytes)?;
                    waiting.pieces.push((index, at, piece));
                    if waiting.bytes.len() > HELD {
                        return self.refuse("a block's instances stand before its `type`, and are too many to be held");
                    }
                }
            }
            index += 1;
        }
        Ok(())
    }

    fn add(&mut self, header: &Arc<Header>, block: usize, (index, at, piece): (usize, At, Piece)) {
        let of = Of {
            header: header.clone(),
            block,
            index,
            at,
            order: self.order,
        };
        self.order += 1;
        self.batches.add(of, piece);
    }
}
