//! The sync protocol, told as a story, and the replica that plays the phone's part.
//!
//! Sam has no signal and asks for a place. The screen hands the replica an [`replica::Act::Do`]. The
//! replica writes the command down as the exact text that will be sent ([`outbox::OutboxRow`]), asks
//! its driver to [`replica::Output::Store`] it, and says nothing until it is durable: only
//! [`replica::Input::Stored`] makes it count ([`status::Status::unsent`] is now 1), and only then is
//! Sam told that it is kept.
//!
//! Signal comes and goes. A round begins by taking the lock that keeps Sam's other tabs out. The
//! command is marked as attempted, durably, *before* it is first sent: from here on nobody can know
//! whether it arrived, so "Don't send" becomes a withdrawal instead of a deletion. The request
//! ([`wire::SyncRequest`]) carries the command's stored bytes and the cursor: it pushes and pulls in
//! one round trip. The reply is lost. After a while ([`backoff`]) the same bytes go out again, and the
//! server, which keeps every outcome by the command's id, answers as it did the first time.
//!
//! That page carries outcomes, records and a cursor, and they are stored in one transaction. The
//! command's own outcome, and nothing else, ends it. A refused command goes back to Sam's drafts with
//! its reason; one that this server does not know yet is kept and tried at the next start. Until the
//! record itself has come the command stays laid over what Sam sees ([`overlay`]).
//!
//! A complete pull ends with sums: if what the phone holds is not what the server says, the phone asks
//! for everything again and deletes what does not come. A server that was restored from a backup says so
//! by another epoch: the phone does the same, and offers again what it was answered since
//! (`replica/again.rs`). Answers that are no page are told apart in
//! [`link`]; none of them costs the phone anything that was written on it.
//!
//! ```
//! # use app::{flat_map::FlatMap, domain::{command::Command, id::*, sign_up::RequestSignUp}, sync::{outbox::Owner, replica::*, store::*, wire::*}};
//! # use uuid::Uuid;
//! # fn uuid(n: u128) -> Uuid { Uuid::from_u128(n) }
//! # const SAM: MemberId = MemberId(Uuid::from_u128(1));
//! /// A server that says yes to everything, once.
//! #[derive(Default)]
//! struct Server { seen: Vec<CommandId>, records: Vec<RecordChange> }
//!
//! impl Server {
//!     fn answer(&mut self, request: &SyncRequest) -> SyncResponse {
//!         let scope = format!("member:{SAM}");
//!         let outcomes = request.commands.iter().map(|text| {
//!             let command: WireCommand = serde_json::from_str(text.get()).unwrap();
//!             if !self.seen.contains(&command.id) {
//!                 self.seen.push(command.id);
//!                 self.records.push(RecordChange {
//!                     scope: scope.clone(),
//!                     kind: "sign_up".into(),
//!                     id: command.body["sign_up"].as_str().unwrap().into(),
//!                     seq: self.seen.len() as u64,
//!                     deleted: false,
//!                     body: Some(RawJson(serde_json::value::to_raw_value(&command.body).unwrap())),
//!                 });
//!             }
//!             CommandOutcome { id: Some(command.id), outcome: Outcome::Applied,
//!                              received_at: "2026-11-23T14:02:00Z".into(), reason: None }
//!         }).collect();
//!         let from: u64 = request.cursor.as_ref().map_or(0, |cursor| cursor.parse().unwrap());
//!         let mut sum = ScopeSum::default();
//!         for record in &self.records {
//!             sum.add(&record.kind, &record.id, record.seq);
//!         }
//!         SyncResponse {
//!             protocol: PROTOCOL,
//!             outcomes,
//!             changes: self.records.iter().filter(|record| record.seq > from).cloned().collect(),
//!             cursor: self.seen.len().to_string(),
//!             more: false,
//!             sums: Some(FlatMap::from_iter([("public".into(), ScopeSum::default()), (scope, sum)])),
//!             server_time: "2026-11-23T14:02:00Z".into(),
//!             epoch: None,
//!         }
//!     }
//! }
//!
//! /// Drives a replica with a store that always works. Without a server there is no signal.
//! fn drive(replica: &mut Replica, now: i64, input: Input, mut server: Option<&mut Server>) {
//!     let mut inputs = vec![input];
//!     while let Some(input) = inputs.pop() {
//!         replica.handle(now, input);
//!         while let Some(output) = replica.poll() {
//!             match output {
//!                 Output::Store(batch) => inputs.push(Input::Stored(batch.id)),
//!                 Output::Lock { .. } => inputs.push(Input::Locked(None)),
//!                 Output::Send(id, request) => {
//!                     let reply = server.as_mut().map(|server| Box::new(server.answer(&request)));
//!                     let reply = reply.ok_or(app::sync::link::LinkError::NoAnswer);
//!                     inputs.push(Input::Reply(id, reply));
//!                 }
//!                 _ => {}
//!             }
//!         }
//!     }
//! }
//! # fn phone(device: u128) -> Replica {
//! #     let mut phone = Replica::restore(Saved::default(), Setup { device: DeviceId(uuid(device)), build: "1".into(), seed: 1 });
//! #     drive(&mut phone, 0, Input::Act(0, Act::Become { member: SAM, with: vec![] }), None);
//! #     phone
//! # }
//!
//! // Two phones of one member; the first asks for a place, with no signal.
//! let (mut first, mut second) = (phone(11), phone(12));
//! let command = Command::RequestSignUp(RequestSignUp {
//!     sign_up: SignUpId(uuid(5)), session: SessionId(uuid(6)), contact: None, access_needs: None,
//!     access_needs_consent: false, travel_first: false, note: None, agreement: None, thanks: None,
//! });
//! let act = Act::Do { id: CommandId(uuid(7)), owner: Owner::Member(SAM), command: command.into(), with: vec![] };
//! drive(&mut first, 1_000, Input::Act(1, act), None);
//! assert_eq!(first.status().unsent, 1);
//!
//! // Signal is back on both: it reaches the server once, however often it is tried.
//! let mut server = Server::default();
//! drive(&mut first, 60_000, Input::Try, Some(&mut server));
//! assert_eq!(first.status().unsent, 0);
//! drive(&mut first, 61_000, Input::Try, Some(&mut server));
//! assert_eq!(server.seen.len(), 1);
//!
//! // The other phone sees the same thing; the sums agreed, or it would ask from the start again.
//! drive(&mut second, 62_000, Input::Try, Some(&mut server));
//! assert_eq!(second.record_count(), first.record_count());
//! assert_eq!(second.record_count(), 1);
//! ```

pub mod backoff;
mod index;
pub mod link;
pub mod outbox;
pub mod overlay;
pub mod replica;
pub mod rows;
pub mod sealed;
pub mod status;
pub mod store;
pub mod wire;
