//! What members' commands and staff's actions do: load, decide, write.
//!
//! [`incoming`] reads commands and hashes them, before the writer; [`world`] loads in bulk what a
//! group of them touches, holds it, and writes it in bulk; [`push`] runs the rules of `app::domain`
//! over it, command by command; [`staff`] does the same for the desk, [`care`] for what is shared. Deciding touches no database,
//! so a bad command never harms its neighbours. [`groups`] is what members do in involvement groups, [`plans`] the plans that they share, [`experiences`] what they say about services, [`group_desk`] what staff do with them, [`programme`] and [`sessions`] are what staff do with opportunities,
//! [`wording`] is what they do with the app's own words, [`changes`] what came of what people said, which everyone reads; [`learning`] and [`trainings`] tell staff of it.
//! [`peers`] is what members do about peer support, [`peers_desk`] what staff do with it.
//! [`words`] is what members say about the words of documents, [`words_desk`] what is done with it at the desk.
//! [`safety`] touches no member's record at all, and [`help_lines`] public ones alone.

pub mod care;
pub mod changes;
pub mod due;
pub mod enter;
pub mod experience_desk;
pub mod experiences;
pub mod group_desk;
pub mod groups;
pub mod help_lines;
pub mod incoming;
pub mod learning;
pub mod peers;
pub mod peers_desk;
pub mod plans;
pub mod programme;
pub mod push;
pub mod safety;
pub mod said;
pub mod sessions;
pub mod staff;
pub mod trainings;
pub mod wording;
pub mod words;
pub mod words_desk;
pub mod world;
