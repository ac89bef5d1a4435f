//! All limits in one place: how deep, how long and how many. docs/limits.md explains each of them to users.
//!
//! What goes beyond a limit is told by a diagnostic, [`crate::diagnostics::Code::LimitReached`] unless another one fits better.

pub(crate) const MIB: usize = 1024 * 1024;

/// How deep lists and maps may lie in one another, in YAML and JSON alike. The scanner of YAML takes time by the square of
/// the depth, and decoding takes stack by it.
pub const DEPTH: usize = 128;

/// How many values one decoded text may hold. Each of them takes some tens of bytes of memory and may take two of text.
pub const VALUES: usize = 20_000_000;

/// How many values the aliases of a YAML text may add to those that are written out.
pub const ALIASED_VALUES: usize = 100_000;

/// How many bytes of text the aliases of a YAML text may add.
pub const ALIASED_BYTES: usize = 16 * MIB;

/// What the functions and loops of one CloudFormation template may come to, in bytes.
pub const TEMPLATE_BYTES: usize = 16 * MIB;

/// How many resources the loops of one template may make.
pub const TEMPLATE_RESOURCES: usize = 20_000;

/// How deep the functions of a template are followed into one another.
pub const TEMPLATE_DEPTH: usize = 48;

/// How deep the loops of a template may lie in one another.
pub const TEMPLATE_LOOPS: usize = 8;

/// How deep nested stacks are followed into one another.
pub const TEMPLATE_NESTED: usize = 8;

/// How many nested stacks of one template are followed.
pub const TEMPLATE_STACKS: usize = 1_000;

/// What a manifest of a cloud assembly, or a file that it names, may have.
pub const ASSEMBLY: u64 = 64 * MIB as u64;

/// What is smaller is read whole.
pub const WHOLE: usize = 32 * MIB;

/// What a file may have that is not read piece by piece.
pub const FILE: usize = 256 * MIB;

/// What an inventory may have.
pub const INVENTORY: usize = 1024 * MIB;

/// What a file that evidence names may have.
pub const EVIDENCE: u64 = 256 * MIB as u64;

/// What all such files of one pack may have together.
pub const EVIDENCE_PACKED: u64 = 1024 * MIB as u64;

/// What one row of a table may have.
pub const ROW: usize = 4 * MIB;

/// What a workbook may unpack to.
pub const WORKBOOK: u64 = 512 * MIB as u64;

/// How long a Parquet file may be.
pub const PARQUET: u64 = 16 * 1024 * MIB as u64;

/// What a page of it may unpack to.
pub const PAGE: u64 = 128 * MIB as u64;

/// What a page's header may have.
pub const PAGE_HEADER: u64 = 16 * MIB as u64;

/// How many columns of a sheet are looked at: all that a spreadsheet can have.
pub const COLUMNS: usize = 16_384;

/// What one value may have in JSON that is read piece by piece: an instance of a state, an item of a snapshot.
pub const PIECE: usize = 32 * MIB;

/// How many bytes a packed file or an archive may unpack to whatever its size.
pub const UNPACKED: u64 = 64 * MIB as u64;

/// To how many times its size a larger one may unpack. State, snapshots and results of scanners come to a few tens.
pub const UNPACKED_TIMES: u64 = 400;

/// What it may unpack to at most, all members of an archive together.
pub const UNPACKED_TOTAL: u64 = 64 * 1024 * MIB as u64;

/// How many documents one text may have, each a source of its own.
pub const DOCUMENTS: usize = 10_000;

/// How many members an archive may have.
pub const MEMBERS: usize = 100_000;

/// How large a form may be that `requirements --form` fills in.
pub const FORM: u64 = 64 * MIB as u64;

/// What a part of such a form that is read may unpack to.
pub const FORM_PART: u64 = 64 * MIB as u64;

/// How many parts such a form may have.
pub const FORM_PARTS: usize = 10_000;

/// How many questions such a form may have.
pub const FORM_ROWS: usize = 10_000;

/// How many merged areas of its sheet are looked at.
pub const FORM_MERGED: usize = 10_000;

/// How many resources of one name take what a setting that is a resource of its own says of that name; and among how many
/// ARNs that end in one id, within an account and a Region, that of a resource is looked for whose source says the id alone.
pub const NAMESAKES: usize = 100;

/// Among how many known names the one nearest to a misspelt name is looked for.
pub const CANDIDATES: usize = 1_000;

/// How many faults of one kind are looked for in one file.
pub const FAULTS: usize = 10_000;

/// Of messages that are alike, how many are told before the rest is only counted.
pub const ALIKE: usize = 10;

/// Of many messages that are alike, how many are shown.
pub const ALIKE_SHOWN: usize = 3;

/// Of findings that are alike, how many are told before the rest is only counted: each is about another duty.
pub const FINDINGS_ALIKE: usize = 1_000;

/// How many messages are told at all.
pub const MESSAGES: usize = 2_000;

/// How many bytes all messages may have together.
pub const MESSAGE_BYTES: usize = 4 * MIB;

/// How many letters one text of a message may have.
pub const MESSAGE_LETTERS: usize = 2_000;

/// How many letters of a name from a file stand in a message.
pub const NAME_LETTERS: usize = 120;

/// How many letters of a line are shown.
pub const LINE_LETTERS: usize = 160;

/// How deep quotations, lists and groups of a document may lie in one another; what lies deeper is flattened.
pub const BLOCK_DEPTH: usize = 24;

/// How deep emphasis, links and pictures may lie in one another; what lies deeper is flattened.
pub const INLINE_DEPTH: usize = 16;
