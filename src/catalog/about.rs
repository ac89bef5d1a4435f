//! What the providers' catalogs say of themselves, put together.
//!
//! In: each `catalog.yaml`. Out: whose names begin with which words, which service stands for an account of each, and lists that
//! hold for all. What is one for all, as the duty to keep evidence, only the base says.

use super::file::AboutFile;
use super::pattern::squashed;
use super::providers::{Known, Provider, Unite};

static ABOUT: Known<About> = Known::new("catalog");

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct About {
    /// The base's, with the lists of all.
    pub(super) united: AboutFile,
    /// Each provider's name and version.
    pub(super) versions: Vec<String>,
    /// The ids of the services that stand for accounts, by whose accounts.
    pub(super) account_services: Vec<(Provider, String)>,
    /// The words that products' names begin with, as patterns have them.
    vendors: Vec<String>,
}

impl Unite for About {
    type File = AboutFile;

    fn add(&mut self, provider: Provider, file: AboutFile) {
        self.versions.push(format!("{} {}", file.name, file.version));
        self.vendors.extend(file.vendors.iter().map(|word| squashed(word)));
        if !file.account_service.is_empty() {
            self.account_services.push((provider, file.account_service.clone()));
        }
        if provider == 0 {
            self.united = file;
            return;
        }
        let all = &mut self.united;
        all.vendors.extend(file.vendors);
        for (list, more) in [
            (&mut all.categories, file.categories),
            (&mut all.service_levels, file.service_levels),
            (&mut all.code_scanners, file.code_scanners),
        ] {
            for one in more {
                if !list.contains(&one) {
                    list.push(one);
                }
            }
        }
        all.general_pages.extend(file.general_pages);
    }
}

/// What they say.
pub(super) fn about() -> &'static About {
    ABOUT.get()
}

/// The words that the names of products begin with, as patterns have them.
pub(super) fn vendors() -> &'static [String] {
    &about().vendors
}

/// A product's name without the vendor's, where what is left is still a name: the AWS account stays one.
#[must_use]
pub fn without_vendor_in_name(name: &str) -> &str {
    let words = about().united.vendors.iter();
    let rest = words.filter_map(|word| name.strip_prefix(word.as_str())?.strip_prefix(' ')).next();
    rest.filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_united_and_what_is_one_is_the_bases() {
        let mut about = About::default();
        let file = |name: &str, category: &str| AboutFile {
            name: name.to_owned(),
            version: "1".to_owned(),
            vendors: vec![name.to_uppercase()],
            account_service: format!("{name}-account"),
            own_evidence: name.to_owned(),
            categories: vec![category.to_owned(), "other".to_owned()],
            ..AboutFile::default()
        };
        about.add(0, file("base", "compute"));
        about.add(1, file("nimbus", "fog"));
        assert_eq!(about.versions, ["base 1", "nimbus 1"]);
        assert_eq!(about.vendors, ["base", "nimbus"]);
        assert_eq!(about.united.own_evidence, "base");
        assert_eq!(about.united.categories, ["compute", "other", "fog"]);
        assert_eq!(
            about.account_services,
            [(0, "base-account".to_owned()), (1, "nimbus-account".to_owned())]
        );
    }

    #[test]
    fn the_vendor_goes_and_a_name_stays() {
        for (name, plain) in [
            ("Amazon RDS", "RDS"),
            ("AWS Lambda", "Lambda"),
            ("AWS account", "AWS account"),
            ("Amazonas", "Amazonas"),
            ("Elastic IP", "Elastic IP"),
        ] {
            assert_eq!(without_vendor_in_name(name), plain);
        }
    }
}
