//! The built server as others meet it: a process of its own on a port of this machine, spoken to
//! over plain HTTP by members who joined with the demo's code. And a mail server for it to send to.

pub mod http;
pub mod member;
pub mod process;
pub mod smtp;
