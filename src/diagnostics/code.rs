//! The codes of all diagnostics, with what they mean and how to mend them: the text behind `cloudraci explain`.

use std::fmt;

/// How serious a diagnostic is. Errors end the run with exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The run fails.
    Error,
    /// Worth acting on; the run goes on.
    Warning,
    /// Worth knowing.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

macro_rules! codes {
    ($($variant:ident $severity:ident $id:literal $summary:literal $explanation:literal)*) => {
        /// The kind of a diagnostic. Its kebab-case id is stable: scripts and pipelines build on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        impl Code {
            /// All codes, in the order of their definition.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The kebab-case id that is printed.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// The severity unless overridden.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// One sentence.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)* }
            }

            /// What it means and how to mend it.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

codes! {
    CannotRead Error "cannot-read"
        "a file or folder cannot be read"
        "The path does not exist, may not be read, or is not text. Check the spelling and the permissions. Nothing was written."
    CannotWrite Error "cannot-write"
        "an output cannot be written"
        "The folder may not be written to, the disk is full, or something stands there that is not to be replaced: a file that was read for the very same report, a folder that is no pack, a pack that was changed since it was delivered. All outputs of a command are made ready beside their places and moved at the end, together or not at all, so older files are still as they were."
    CannotServe Error "cannot-serve"
        "the report cannot be shown on this machine's own address"
        "`watch` listens on 127.0.0.1 only. The port that it asks for is taken, or this user may not listen on it. Name another with `--port`, or `--port 0` for any that is free."
    NoInventory Error "no-inventory"
        "there is no inventory to report on"
        "Name an inventory file or folder, or keep `inventory.yaml` or a folder `inventories/` where you run the command. `cloudraci init` writes one to start from."
    SyntaxError Error "syntax-error"
        "a file is not valid YAML or JSON"
        "The text cannot be decoded. Frequent causes: a tab used for indentation, a missing quote, a colon without a space behind it, a file cut off in the middle."
    DuplicateKey Error "duplicate-key"
        "a key stands twice in the same map"
        "YAML allows a key once a map; of two, one would be lost silently. Remove or rename one of them."
    UnknownField Error "unknown-field"
        "a field is not part of the format"
        "The field's name is not known at this place, so what it says would be lost. Check the spelling; `cloudraci schema inventory` prints the whole format, and an editor that understands JSON Schema completes it."
    WrongType Error "wrong-type"
        "a value has the wrong type"
        "A text stands where a list belongs, a list where a number belongs, or the like. The message says what belongs there."
    MissingField Error "missing-field"
        "a required field is missing"
        "An inventory needs `inventory: 1`, an `organization`, and at least one resource or import; each resource needs a `service` or a `type`."
    InvalidValue Error "invalid-value"
        "a value is of the right type but not one of those allowed"
        "Dates are written YYYY-MM-DD, colours #rrggbb, a party's kind is provider, customer or partner. The help line says what is allowed."
    Contradiction Error "contradiction"
        "two things are said that cannot both be true"
        "A resource names two modes (`service: lambda/zip` with `mode: image`), or a type or ARN of another service, account or Region than it says; or a party hands over to itself. Which of the two is meant decides whose duties they are, so nothing is guessed: correct or remove one. A mode that the attributes under `config` show to be another is a warning, and so is a `count` above 1 beside an ARN: what is said counts."
    LostLeadingZero Error "lost-leading-zero"
        "an account number has fewer than twelve digits"
        "AWS account numbers have twelve digits and may begin with 0. Without quotes YAML reads them as numbers and drops the zeros: write them in quotes, \"012345678901\". Spreadsheets drop them, too: format the column as text. Where an ARN beside it has the number whole, that counts, and this is a warning."
    UnsupportedVersion Error "unsupported-version"
        "the file's format version is not supported"
        "This version of cloudraci reads inventories of version 1 and Terraform state of versions 3 and 4; state of versions 1 and 2 is read as if it were of version 3, with a warning. Older state is upgraded by `terraform state pull` with a current Terraform."
    InventoryClash Error "inventory-clash"
        "two inventory files say different things about the same thing"
        "Several files are merged: lists are joined in the order of the paths, maps are united. A single value, such as the title, or one party or account may be given in several files only if it is the same in each. Remove one of the two."
    UnknownParty Error "unknown-party"
        "a party is named that nobody defined"
        "Rules, exceptions and the handover name parties by their id under `parties`. `aws` always exists; `customer` exists where no customer party is defined."
    UnknownService Error "unknown-service"
        "a rule names a service that the catalog does not know"
        "The name is not an id, alias or type of any service in the catalog. `cloudraci catalog list` shows them; an overlay (`--catalog DIR`) can add one."
    UnknownControl Error "unknown-control"
        "a control is named that does not exist"
        "There are 28 controls, listed by `cloudraci catalog show aws-account`; `controls.yaml` of an overlay (`--catalog DIR`) adds others."
    UnknownActivity Error "unknown-activity"
        "a `match` names an activity that the catalog does not have"
        "An activity's id is that of its service, mode or service model, its control, its side and a word of its own: `rds.backup.customer.retention`. `cloudraci why SERVICE CONTROL` prints the ids behind `from`. `*` stands for any letters."
    UnknownMode Error "unknown-mode"
        "a resource or rule names a mode that the service does not have"
        "`cloudraci catalog show SERVICE` lists the modes of a service. Leave `mode` out to let the resource's attributes settle it."
    UnknownAttribute Warning "unknown-attribute"
        "a key of `config` is neither declared by the catalog nor known to the provider"
        "A misspelt key settles nothing: the duty that it was meant for stays unknown. `cloudraci catalog attributes SERVICE` lists what is declared. Names are Terraform's (`storage_encrypted`); other sources' spelling of the same (`StorageEncrypted`) is read, too. What only your organisation keeps belongs into `tags`."
    UnknownAccount Note "unknown-account"
        "a resource is in an account that `accounts` does not describe"
        "The resource is reported, but its account has no name, environment or owner. Add the account number under `accounts`."
    UnclassifiedResource Error "unclassified-resource"
        "a resource belongs to no service that the catalog knows"
        "The report lists it under Unclassified resources, so nothing is lost, but nobody's duties on it are stated. Add a service file in an overlay (`--catalog DIR`), or allow it with `--allow unclassified-resource`."
    UnclassifiedData Warning "unclassified-data"
        "classified data lies on a resource that the catalog does not know"
        "Nobody's duties on it are stated, and it lies on data that must be protected: whoever owns it must say what holds for it, by the day that the finding names. Describe its service in an overlay (`--catalog DIR`), or say in `data` what really lies on it."
    ServiceRetired Warning "service-retired"
        "a deployed service is retired, or closed to new customers"
        "The provider has ended the service or takes no new customers on it. Plan the move to its successor: what is retired gets no patches, and its duties end with it. `cloudraci catalog show SERVICE` tells what the date rests on."
    ServiceNotInPartition Warning "service-not-in-partition"
        "a resource is of a service that does not exist where the resource is"
        "A partition is a group of Regions with accounts, sign-in and ARNs of its own, and none has all services. By the provider's list, as of the date that the message names, the partition of this resource's Region or ARN does not have the service: its Region is wrong, the service is another one, or it was launched there since. catalog/aws/partitions.yaml lists what each partition lacks, and docs/catalog.md says how that list is renewed."
    ProviderAccountable Error "provider-accountable"
        "a rule makes the provider responsible or accountable for a customer's activity"
        "This is the mistake that the report exists to find: the provider does not do it, and nobody else is named. Name one of your own parties, or a partner. A provider may be consulted or informed. If you believe that the activity is the provider's, `cloudraci why SERVICE CONTROL` shows the source that says otherwise."
    ProviderSideLetters Error "provider-side-letters"
        "a rule with `side: provider` sets R or A"
        "What the provider does, the provider answers for. A rule for the provider's side may add `consulted` and `informed` only."
    RuleMatchesNothing Warning "rule-matches-nothing"
        "a rule, exception or evidence entry matches no activity of this inventory"
        "It may name a service that is no longer deployed, or combine keys that never hold together. Remove it or correct it."
    AssignedByDefault Warning "assigned-by-default"
        "no rule says who is accountable for some activities"
        "Several customer parties exist and no rule matches, so the first customer party stands in. Begin `assignments` with a rule without `match` that names who is responsible and accountable by default."
    DutyNotMet Warning "duty-not-met"
        "the inventory shows a customer's duty undone"
        "The attributes of the resources show that the activity is not done on some of them. Change the resource, or record an exception with a reason, an approver and an expiry date."
    ModeUnknown Warning "mode-unknown"
        "the inventory does not settle how a service is run"
        "The split between provider and customer depends on an attribute that the inventory does not give. The report shows the service's default, marked. Set `mode`, or the attribute that the message names."
    ServiceOpen Warning "service-open"
        "the inventory does not settle of which service a resource is"
        "One type may be of several services, told apart by an attribute that the source does not give. The report shows the duties of the service that such a type mostly is of, and not those of the others; what its attributes say shows none of them done or undone. Give the attribute that the message names, or the `service`; of a scanner's results those decide of which all checks are about one service alone."
    ExceptionExpired Warning "exception-expired"
        "an exception has expired"
        "The exception's date lies before the report's date. Renew it with a new approval, or do what it excused."
    EvidenceOverdue Warning "evidence-overdue"
        "evidence was due for review before the report's date"
        "`review_by` lies before the report's date; where somebody vouches and no `review_by` is given, it is a year after `performed`, else `reviewed`. From then on the artefact attests nothing: the duties that rest on it wait for evidence again. What is due more often, such as a half-yearly test, is attested no longer than until it is due again, whatever `review_by` says. Obtain the current artefact and update `performed`, `reviewed` and `review_by`."
    EvidenceUnvouched Warning "evidence-unvouched"
        "evidence names nobody who vouches for the duties that it matches"
        "An artefact attests a duty only where somebody who does the duty or answers for it says so: `by` names a party that holds R or A, or one of its `people`. The message names those who may. What only documents the duties says `attests: false`."
    EvidenceOfOthers Warning "evidence-of-others"
        "a party vouches for duties that it neither does nor answers for"
        "Only who holds R or A for a duty can vouch for it. The duties of others that the entry matches stay as they are; those of the party itself are attested. Narrow `match`, by `environment` or `activity` for instance, or let those vouch whose duties they are."
    EvidenceFile Warning "evidence-file"
        "the file of an artefact is missing, or not the one that was reviewed"
        "`file` names the artefact itself, from the inventory file on and within its folder. Where it cannot be read, or its SHA-256 is not the one that `sha256` says, it attests nothing: the duties that rest on it wait for evidence again. Put the file back, or review it as it is now."
    EvidenceBroad Warning "evidence-broad"
        "one artefact carries more duties than it can show"
        "An artefact shows what it was made for: a record of a restore test shows that restores are tested, and not how long backups are kept. The more duties rest on one, the less it says of each. Give each its own `match`, by `activity` if need be. `evidence_limit` in the inventory sets how many duties one artefact may carry; 40 where it is left out."
    HandoverOverdue Note "handover-past"
        "the handover date lies before the report's date"
        "The report shows who holds each duty before and after the handover date. Once the handover is done, fold it into the assignment rules and remove it."
    ImportFailed Error "import-failed"
        "a file named for import is not one that can be imported"
        "A source is told by its content, whatever its file is called, also compressed or in an archive. `cloudraci explain import-failed` lists the sources; the message says what the file looked like instead."
    ImportEmpty Warning "import-empty"
        "an imported file holds no managed resource"
        "The file could be read, but there is nothing deployed in it: it may belong to another workspace, or hold data sources only."
    ImportPartial Warning "import-partial"
        "an imported file deploys more than can be read from it"
        "A nested stack, a module, a macro or a loop makes resources that only CloudFormation can count, an item of a list has no ARN, a table names an account by something else than its number, or a sheet with resources is hidden. What could be read was; the message names what is left open."
    AccountOpen Warning "account-open"
        "imported resources are in no account that is known"
        "ARNs of S3, Route 53, IAM and others name no account. A state that has resources of one account only is taken to be that account's; of several accounts, each resource is taken to be in the only one that its provider configuration made anything in. Where neither tells, rules that name an account do not apply to these resources, so that another rule decides whose they are. Say `account` with the file under `imports`."
    CountedOnce Note "counted-once"
        "a resource stands in an import more than once, or in two"
        "Two entries are one resource if they have the same ARN, or the same account, Region, type and id. It is counted once, with all that any of them says; where they differ, `sources-differ` says which counts. Rows that stand for several and addresses alone are never united."
    ResourcesGone Note "resources-gone"
        "resources of an import say themselves that they are gone"
        "A source lists for a while what was taken away already, or is being taken away for good: an instance that is `terminated`, a database that is `deleting`, a stack that is `DELETE_COMPLETE`. Such resources are counted here only: they are not deployed, and show nothing of any duty. What may still be kept, as a key that is to be deleted in some days, counts as deployed. Which states these are stands in the catalog, under `gone` of a service's `resources`."
    SourcesDiffer Warning "sources-differ"
        "two sources say different things of one resource"
        "A resource that stands in two sources is counted once. In the attributes that the message names they differ. What was seen running (states, AWS Config, tables of query engines, scanners) counts before a plan, that before what people wrote, that before a template, and that before a list; of two that are alike the later, where both tell when they were written. Where nobody knows which is the later, an attribute in which they differ is unknown. Owner, environment, data and mode are what people wrote. Import the one alone that is right, or renew the other."
    ImportSkipped Note "import-skipped"
        "files of a folder are of no kind that can be imported"
        "In a folder, only what is recognised by its content is imported. Name a file by itself, with `--from` if need be, to learn why it is not."
    CannotUnpack Error "cannot-unpack"
        "a compressed file or an archive cannot be unpacked"
        "It is cut off or damaged, encrypted, packed in a way that is not read, or holds another archive. gzip, Zstandard, ZIP (stored or deflated) and tar are read, and a tar archive or a member that gzip or Zstandard packed; told by the content, whatever the file is called. Of a file that is damaged nothing is taken for what is deployed. Fetch it again, or unpack it and name what is in it."
    MembersSkipped Note "members-skipped"
        "members of an archive were passed over"
        "Of an archive, what is recognised by its content is read, as in a folder. Hidden files and links are passed over. Unpack the archive and name a file by itself to learn why it is not read."
    PlanSays Note "plan-says"
        "a plan says more than what will be there"
        "`terraform show -json` of a plan names what Terraform forgets without destroying it, what others changed since it last looked, actions that it runs, and checks of the configuration that do not hold. What is forgotten stays deployed and is kept in the inventory; the rest changes nothing of what is imported. A plan that ended in an error or is incomplete is told by `import-partial`."
    TextMended Warning "text-mended"
        "a file is not quite what its program writes, and was read all the same"
        "A shell or a wrapper put the JSON in quotes, so that the whole is one text; or some of its bytes are no UTF-8 and stand as U+FFFD in what was read. Write it again from its source if what it says looks odd."
    CommentsLost Warning "comments-lost"
        "an inventory was renewed and its comments could not be kept"
        "`cloudraci import -o` keeps comments where `resources:` stands on a line of its own and each resource begins with a `-`. The inventory was written anew from what it says; an older version of the file has the comments."
    FileTooLarge Error "file-too-large"
        "a file is too large to be read whole"
        "What grows with what is deployed is read piece by piece, whatever its size: Terraform state of version 4, lists, snapshots, tables. What people write, a template or an inventory, and what a source gives as one document, a plan, a stack or a workbook, is read whole and may have 256 MiB. Split the file, or export what is deployed as one of the former."
    FolderLoop Warning "folder-loop"
        "a symbolic link in a folder leads back to where it is"
        "The link was passed over; everything else in the folder was read. Remove the link, or name the files that are meant."
    LinkLeadsOut Error "link-leads-out"
        "a link leads out of a folder that nobody asked for"
        "A folder `templates/` where the program runs is taken without being named, and may have come with somebody else's files. A link in it could put any file of yours into a report, so it is not followed. Put the file in its place, or name the folder with `--templates DIR`."
    OutOfScope Note "out-of-scope"
        "an imported resource belongs to another provider than the catalog's"
        "Resources of other Terraform providers (random, null, kubernetes, ...) are named in the report as out of the catalog's scope."
    ResultsUnreadable Error "results-unreadable"
        "a file of scanner results is of no form that is known, or is damaged"
        "Results are told by their content, also compressed or in an archive. `cloudraci explain results-unreadable` lists the forms. Of a file that is cut off or damaged nothing is taken for all that the scanner said: let it write the file again."
    ResultsPartial Warning "results-partial"
        "entries of a file of scanner results are left out"
        "An entry that names no check, or does not say how it came out, says nothing of any duty. The others were read; the message says where the first ones stand."
    ResultsEmpty Warning "results-empty"
        "a file of scanner results holds no result of a check"
        "The file could be read, but nothing in it is about a check of a configuration: the scanner found nothing, or the file tells vulnerabilities, threats or secrets, which are not checks."
    ResultsLeftOut Note "results-left-out"
        "entries of a file of scanner results are no results of checks"
        "Files of scanners may tell threats, vulnerabilities and secrets beside the verdicts of checks: findings of GuardDuty, Inspector and Macie in Security Hub, CVEs in Trivy. They are no verdicts on a configuration, so that they show no duty done or broken, and are counted here only."
    ResultsUnlisted Warning "results-unlisted"
        "scanner results are about what the inventory does not list"
        "A scanner looked at resources of which the inventory knows nothing, or which it does not tell from others of the same name. Their duties are nobody's in the report. List them, import what is deployed, or name their ARNs, by which results find them for certain."
    ResultsElsewhere Warning "results-elsewhere"
        "failed scanner results are about resources on which none of their duties holds"
        "A check failed on a resource that the inventory lists, and no duty that the check is about holds there: the resource only supports others, runs in a mode that does not have the duty, or is of another type than the check is about. No finding of the report names it. See to it by what the scanner says; where the type or the mode is told wrongly, say it in the inventory."
    ResultsStale Warning "results-stale"
        "scanner results are too old to show that a duty is done"
        "A result that is older than `max_age` (30 days before the report's date, unless its entry under `results` says otherwise), or whose day nobody tells, can still show that a duty is broken, but no longer that it is done. Run the scanner again, or say `at` where its results bear no time."
    ResultsLater Warning "results-later"
        "scanner results are later than the report's date"
        "What was found after the day that the report is true for says nothing of that day, and is left out. Set `as_of` or `--as-of` to a later day, or name the results of an earlier run."
    ResultsUnmapped Note "results-unmapped"
        "scanner results are of checks that the catalog does not know"
        "Which duty a check is about stands in the catalog, in `checks/SCANNER.yaml`. A check that is not in there says nothing of any duty. An overlay (`--catalog DIR`) with a file of that name maps it; docs/catalog.md tells how."
    UpstreamUnreadable Error "upstream-unreadable"
        "a document named with `--upstream` cannot be understood"
        "`--upstream` takes a component definition or a system security plan in OSCAL's JSON or YAML. The message says what is missing or of another kind than it must be, and where. A responsibility that cannot be read is never left out in silence: ask whoever wrote the document for a valid one."
    UpstreamEmpty Warning "upstream-empty"
        "a document named with `--upstream` states no responsibility of its customers"
        "Responsibilities stand in `export` of a system security plan, under `responsibilities`. A component definition has no such place: there a requirement or statement is the customer's where its property `control-origination` is `customer-configured` or `customer-provided`, or where a property `responsibility` of cloudraci says so. Ask whoever wrote the document for their customer responsibilities."
    UpstreamWithoutOwner Warning "upstream-without-owner"
        "a responsibility that a provider or partner hands over has no owner here"
        "Each responsibility of a document that is named with `--upstream` needs somebody who answers for it. A rule without `match`, or one that only says where something runs, was not written for it: name it in a rule by its `service`, `control`, `layer` or `activity`. `cloudraci why` prints these."
    OscalReference Warning "oscal-reference"
        "an OSCAL document refers to what it does not define, or uses a word that OSCAL does not have"
        "The published schemas let a dangling UUID, an undefined role and an unknown `control-origination` pass, and whoever builds on the document finds nothing there. What a document inherits or satisfies may be defined in the one that it builds on: that is only a note. Correct the document, or tell whoever wrote it."
    CatalogError Error "catalog-error"
        "a file of the responsibility catalog breaks the catalog's rules"
        "docs/catalog.md lists the fields and rules of a service file. `cloudraci catalog check DIR` checks an overlay by itself."
    CatalogWording Warning "catalog-wording"
        "a text of the catalog breaks the rules of wording"
        "A sentence begins with a verb in the third person, has at most 160 characters and no full stop at its end."
    RequirementHalves Warning "requirement-halves"
        "a requirement is called shared and one of its halves is not told"
        "An assessor sends back a bare `shared` or `Partial`: it says neither what the provider does nor what is left to do. The layout's columns call a requirement shared and tell no sentence of one half: add a column with `r.provider_text` and one with `r.customer_text`; docs/catalog.md tells what a layout is."
    RequirementInherited Warning "requirement-inherited"
        "a requirement is inherited and its customer's half is not empty"
        "Where all is inherited nothing is left to do; a text beside it makes an assessor ask which of the two is meant. The layout's column for what is left to do prints something on a row that has no duty. Print `r.customer_text` alone, or `r.note`, which says what to obtain from the provider."
    RequirementOutside Warning "requirement-outside-baseline"
        "a requirement is named that the chosen baseline does not have"
        "What our customers must do names a requirement of the framework that is not in the baseline that `frameworks` of the inventory chooses, so it stands in no row of the report. Choose another baseline, or name a requirement of this one."
    PolicyInherited Warning "policy-inherited"
        "policies and procedures are told as inherited"
        "The first control of each family of SP 800-53 (AC-1, AU-1, ...) asks for the organisation's own policies and procedures. No provider writes these, so an assessor takes it for a mistake. Say in the framework's file that they are `organisational`, or link a duty of the customer."
    TemplateError Error "template-error"
        "a template cannot be compiled or rendered"
        "The message shows the file, line and column. `cloudraci templates eject` writes the built-in templates to compare with, and `cloudraci schema report` prints every field that templates may use."
    FormUnreadable Error "form-unreadable"
        "an assessor's form cannot be filled in"
        "`cloudraci requirements --form FILE` fills in your own copy of the form that a layout is made for: a workbook (.xlsx) with the sheet and the titles of columns that the form has. The message says what differs. Open it in a spreadsheet and save it as .xlsx, without a password and without macros."
    LeftToFillIn Warning "left-to-fill-in"
        "a document has places that only people can fill in"
        "The layout asks for something of which the inventory knows nothing. What has a name is said with `--set NAME=TEXT`, and until then a placeholder stands in its place that nobody can take for an answer; the rest is filled in by hand before the document is handed in."
    TemplateUnknown Warning "template-unknown"
        "a file in the templates folder replaces no built-in template and no other template uses it"
        "Only files with the names that `cloudraci templates list` prints take effect, and files that these include. Check the spelling."
    TypstError Error "typst-error"
        "the PDF's page template cannot be compiled"
        "The message is Typst's own, with file, line and column in `page.typ` or a file that it imports."
    PdfStandard Error "pdf-standard"
        "the PDF would violate PDF/A or PDF/UA"
        "The document asks for something that the standards forbid, such as a picture without a text alternative. The message says where."
    MissingGlyph Warning "missing-glyph"
        "the PDF's fonts lack some characters of the inventory"
        "The embedded font covers Latin, Greek and Cyrillic. The characters that the message lists would show as empty boxes, so they are spelt out as U+XXXX. `--font-path DIR` adds the fonts of a folder, `--system-fonts` those of the machine; characters that no font makes legible, such as controls and marks of direction, stay spelt out."
    NoFonts Warning "no-fonts"
        "a folder that should hold fonts holds none"
        "Files that end in .ttf, .otf, .ttc or .otc are fonts, in the folder itself and in those within it. The PDF is drawn with the embedded font alone."
    PackDamaged Error "pack-damaged"
        "a file of a pack is missing, changed, or was added"
        "The pack's `manifest.json` names each file with its SHA-256, and a ZIP file must be, byte for byte, what `pack` writes for these files, since programs differ in what they unpack from any other. The message says what differs; ask whoever delivered the pack for it again. The manifest vouches for the files, not for itself: for that there is its signature (`pack --sign`, `verify --key`), or its own SHA-256, which `pack` and `verify` print, to be compared with the one that was given to you by another way."
    SignatureMissing Error "signature-missing"
        "a pack is not signed, and was to be"
        "`verify --key` was given a public key, and `manifest.json.minisig` is not in the pack. Somebody may have taken it away, or the pack was made without `pack --sign`. Nobody vouches for its manifest: ask for the signed pack, or compare the SHA-256 of `manifest.json` with one that was given to you by another way."
    SignatureInvalid Error "signature-invalid"
        "a pack's signature is not that of the key, or not of this manifest"
        "`manifest.json.minisig` is of another key than the one that `verify --key` was given, is no signature of minisign, or was made for other bytes than those of `manifest.json`. Whether the key is the signer's you must know by another way: the id that minisign prints at the key is the one in the message."
    SignatureUnchecked Warning "signature-unchecked"
        "a pack is signed, and its signature was not looked at"
        "Files and manifest are as they were when the manifest was made; who made it is not known. Name the signer's public key: `cloudraci verify PACK --key FILE`, or the key's line itself in the place of the file."
    PackDiffers Error "pack-differs"
        "the inventory no longer yields the pack"
        "Made again today, some of the pack's files would be others. The inputs that changed are named first. Give the catalog and templates that the pack was made with, too; another version of cloudraci may word things differently."
    LimitReached Error "limit-reached"
        "a file goes beyond a limit"
        "Depth, size, expansions and memory are bounded, so that no file can keep the program busy without end or bring it down. docs/limits.md lists all limits. A file of this program's own kind hardly comes near one; where a template does, import what is deployed instead."
    OutOfMemory Error "out-of-memory"
        "there is too little memory for what is asked"
        "The process may have less memory than reading these files or making this document takes, by a limit of the shell (`ulimit -v`), of the container or of the machine. Nothing was written. Give it more, or ask for less: `--format markdown` takes a fraction of what a PDF takes."
    MessagesLeftOut Note "messages-left-out"
        "there are more messages than are told"
        "Messages that are alike are counted after the first ones, and what is told at all is bounded in number and bytes, the most severe first. The exit code is that of all messages. Mend what is told, and run the command again."
    LogoUnreadable Error "logo-unreadable"
        "the theme's logo cannot be used"
        "The logo is a path relative to the inventory file, to an SVG, PNG or JPEG picture of at most 4 MiB."
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Code {
    /// The code of this id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_and_kebab_case() {
        let ids: BTreeSet<_> = Code::ALL.iter().map(|code| code.id()).collect();
        assert_eq!(ids.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.id().chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
            assert!(!code.summary().ends_with('.') && code.explanation().ends_with('.'), "{code}");
            assert_eq!(Code::from_id(code.id()), Some(*code));
        }
    }
}
