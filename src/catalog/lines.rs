//! Where an activity is written: the file and the line, for people who go and mend it.
//!
//! In: an activity of a split, and the lines that `build.rs` has found. Out: its place.

use super::IndexMap;
use super::file::{ControlFile, ModelsFile, ServiceFile};
use super::providers::Provider;
use super::{Activity, Catalog, Commonness, Level, builtin, embedded, providers};
use crate::diagnostics::{Place, Route, route};
use std::sync::Arc;

type Controls = IndexMap<String, ControlFile>;

impl Catalog {
    /// Where an activity that `service` has in `mode` is written: a line of the built-in catalog, or a route into a file of
    /// the overlay. `None` for an activity that the service does not have.
    #[must_use]
    pub fn place_of(&self, service: &str, mode: Option<&str>, activity: &Activity) -> Option<Place> {
        match activity.from {
            Level::Overlay => self.place_in_overlay(service, mode, activity),
            Level::Model => {
                let provider = providers::of_service(service);
                let of = self.models_of(provider)?;
                if let Some(path) = &of.given {
                    return place_in_models(path, &of.file, activity);
                }
                let owner_of_every = if provider == 0 { "every" } else { activity.id.split('.').next()? };
                let every = [(owner_of_every, &of.file.every)];
                let models = of.file.models.iter().map(|model| (model.id.as_str(), &model.controls));
                let owner = match activity.common {
                    Commonness::Every => "every",
                    Commonness::Model | Commonness::Own => activity.id.split('.').next()?,
                };
                line((provider, "models"), every.into_iter().chain(models), owner, activity)
            }
            Level::Service | Level::Mode => {
                let file = self.file(service)?;
                if let Some(path) = &self.services.get(service)?.given {
                    return place_in(path, file, mode, activity);
                }
                let modes = file.modes.iter().map(|mode| (mode.id.as_str(), &mode.controls));
                let own = [("", &file.controls)];
                let owner = mode.filter(|_| activity.from == Level::Mode).unwrap_or_default();
                let name = format!("services/{service}");
                line(
                    (providers::of_service(service), &name),
                    own.into_iter().chain(modes),
                    owner,
                    activity,
                )
            }
        }
    }

    fn place_in_overlay(&self, service: &str, mode: Option<&str>, activity: &Activity) -> Option<Place> {
        if activity.common != Commonness::Own {
            let (path, own) = self.own.models.as_ref()?;
            let owner = activity.id.split('.').next()?;
            let (at, controls) = match activity.common {
                Commonness::Every => (route(["every".into()]), &own.every),
                Commonness::Model | Commonness::Own => (route(["models".into(), owner.into()]), own.models.get(owner)?),
            };
            return written(controls, activity).map(|found| Place::key(path, at.joined(&found)));
        }
        let path = &self.overlays.iter().find(|notice| notice.service == service)?.file;
        place_in(path, self.overlay(service)?, mode, activity)
    }
}

/// Where a service's file has an activity, as a route.
fn place_in(path: &Arc<str>, file: &ServiceFile, mode: Option<&str>, activity: &Activity) -> Option<Place> {
    let mut parts: Vec<(Route, &Controls)> = Vec::new();
    let modes = file.modes.iter().enumerate();
    parts.extend(
        modes
            .filter(|(_, known)| Some(known.id.as_str()) == mode)
            .map(|(index, known)| (route(["modes".into(), index.into(), "controls".into()]), &known.controls)),
    );
    parts.push((route(["controls".into()]), &file.controls));
    parts.into_iter().find_map(|(at, controls)| {
        let found = written(controls, activity)?;
        Some(Place::key(path, at.joined(&found)))
    })
}

/// Where a given provider's file of models has an activity: what it says of one model goes before what it says of all.
fn place_in_models(path: &Arc<str>, file: &ModelsFile, activity: &Activity) -> Option<Place> {
    let owner = activity.id.split('.').next()?;
    let own = file.models.iter().enumerate().filter(|(_, model)| model.id == owner);
    let own = own.map(|(index, model)| (route(["models".into(), index.into(), "controls".into()]), &model.controls));
    own.chain([(route(["every".into()]), &file.every)]).find_map(|(at, controls)| {
        let found = written(controls, activity)?;
        Some(Place::key(path, at.joined(&found)))
    })
}

/// Where an activity stands within the controls of a level.
struct Found<'c> {
    control: &'c str,
    side: &'c str,
    id: &'c str,
}

impl Found<'_> {
    /// Whether it is this activity, where the level is the one that the activity comes from.
    fn is(&self, activity: &Activity) -> bool {
        let rest = activity.id.split_once('.').map(|(_, rest)| rest);
        rest.is_some_and(|rest| rest == format!("{}.{}.{}", self.control, self.side, self.id))
    }
}

/// The activities of some controls, in the order of the file.
fn steps(controls: &Controls) -> impl Iterator<Item = Found<'_>> {
    controls.iter().flat_map(|(control, file)| {
        file.sides.iter().flat_map(move |(side, list)| {
            list.iter().map(move |activity| Found {
                control,
                side: side.id(),
                id: &activity.id,
            })
        })
    })
}

/// Where an overlay's controls have an activity.
fn written(controls: &Controls, activity: &Activity) -> Option<Route> {
    let (_, rest) = activity.id.split_once('.')?;
    controls.iter().find_map(|(control, file)| {
        file.lists().find_map(|(side, list, at)| {
            let index = list.iter().position(|one| rest == format!("{control}.{side}.{}", one.id))?;
            Some(route([control.as_str().into()]).joined(&at).then(index))
        })
    })
}

/// The line of an activity of a built-in file: `build.rs` has counted them off in the same order.
fn line<'c>(
    (provider, name): (Provider, &str),
    parts: impl Iterator<Item = (&'c str, &'c Controls)>,
    owner: &str,
    activity: &Activity,
) -> Option<Place> {
    let folder = builtin::folders().get(provider)?;
    // A service's file is called after its id, whoever's it is.
    let prefix = if name.starts_with("services/") { "" } else { folder.prefix };
    let lines: Vec<usize> = embedded::decoded(&format!("{prefix}lines/{name}"));
    let all = parts.flat_map(|(part, controls)| steps(controls).map(move |found| (part, found)));
    let (_, line) = all.zip(lines).find(|((part, found), _)| *part == owner && found.is(activity))?;
    let path: Arc<str> = providers::path(folder, name).into();
    Some(Place::at(&path, line, 1))
}
