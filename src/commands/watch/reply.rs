//! What is answered.
//!
//! In: a document, or a reason to refuse. Out: status, kind and body.

use std::sync::Arc;

/// What is sent.
pub(super) struct Reply {
    pub(super) status: &'static str,
    pub(super) kind: &'static str,
    body: Body,
}

enum Body {
    Fixed(&'static str),
    Made(Arc<[u8]>),
}

impl Reply {
    pub(super) const TOO_LARGE: Self = Self::refused("431 Request Header Fields Too Large", "this is too much to ask\n");
    pub(super) const MALFORMED: Self = Self::refused("400 Bad Request", "this is no request\n");
    pub(super) const OTHER_HOST: Self = Self::refused("403 Forbidden", "this is not the host that you asked for\n");
    pub(super) const OTHER_ORIGIN: Self = Self::refused("403 Forbidden", "another page asks for this\n");
    pub(super) const GET_ONLY: Self = Self::refused("405 Method Not Allowed", "GET only\n");
    pub(super) const NOTHING_HERE: Self = Self::refused("404 Not Found", "there is nothing here\n");
    const NOT_MADE: Self = Self::refused("404 Not Found", "not made yet\n");

    const fn refused(status: &'static str, why: &'static str) -> Self {
        Self {
            status,
            kind: "text/plain; charset=utf-8",
            body: Body::Fixed(why),
        }
    }

    pub(super) const fn fixed(kind: &'static str, text: &'static str) -> Self {
        Self {
            status: "200 OK",
            kind,
            body: Body::Fixed(text),
        }
    }

    pub(super) fn document(bytes: Option<Arc<[u8]>>, kind: &'static str) -> Self {
        match bytes {
            Some(bytes) => Self {
                status: "200 OK",
                kind,
                body: Body::Made(bytes),
            },
            None => Self::NOT_MADE,
        }
    }

    pub(super) fn body(&self) -> &[u8] {
        match &self.body {
            Body::Fixed(text) => text.as_bytes(),
            Body::Made(bytes) => bytes,
        }
    }
}
