//! What the server answers over HTTP. Each module owns its `router()`.
pub mod assets;
pub mod document;
