//! HTTP without domain words.
