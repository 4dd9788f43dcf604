//! Tests of xtask as a person uses it: the program itself, on a copy of the repository that may be edited.
//!
//! What one function does is tested beside it in src/; here are only whole walks.

mod add_command;
mod copy;
