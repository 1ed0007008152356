//! What belongs to "I'm worried about someone's safety": the organisation's procedure and named
//! people in [`settings`], what staff wrote down in [`records`]. All of it is only ever added to.

pub mod records;
pub mod settings;
