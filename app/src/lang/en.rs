//! English. Short words, short sentences: reading age about 9.

crate::texts! {
    TODAY_HELLO "today.hello" "Hello.";
    TODAY_HELLO_NAME "today.hello_name" "Hello, {name}.";
    HELP_NOW "help_now.button" "Help now";
}
