//! The tree of blocks to HTML.
