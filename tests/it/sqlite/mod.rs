//! What is true of SQLite alone: its files, and backups that are copies of them. Tests in a module of this name are left
//! out (`--skip sqlite::`) where the tests run on PostgreSQL, and none but these.

mod backup;
mod restore;
