//! What the petitioner is told of their own petition: plain sentences, no codes, nothing of the office's inside.

pub mod rules;
