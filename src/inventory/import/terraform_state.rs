//! stub in progress
use super::*;
pub(super) struct TerraformState;
impl Importer for TerraformState {
    fn name(&self) -> &'static str { "t" }
    fn recognises(&self, _: &[u8]) -> bool { false }
    fn import(&self, _: &[u8], _: &Arc<str>, _: &Place) -> Outcome<Imported> { Ok(Imported::default()) }
}
