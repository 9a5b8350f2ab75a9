"""Which test proves which rule of the wall between a student's code and the hidden tests."""

from pathlib import Path

from tests.runtime.toys import names_of_tests

RULES = """
processes:
  names do not carry over to the next notebook
    test_names::test_names_do_not_carry_over_to_the_next_notebook
  notebooks share a folder
    test_surroundings::test_the_notebooks_of_a_submission_share_their_files
  servers start with an empty environment
    test_no_secrets::test_the_environment_is_empty_but_for_what_is_listed
  descriptors are closed
    test_no_secrets::test_a_student_holds_three_streams_and_two_sockets
  argv and path are neutral
    test_no_secrets::test_argv_and_path_say_nothing_of_the_grader
  a submission reaches a child only after the fork
    test_no_secrets::test_the_warm_servers_of_students_hold_no_canary
  the history manager is off
    test_shell::test_no_history_is_kept_on_disk
  hash seeds
    test_no_secrets::test_hash_seeds_are_fixed_for_students_and_random_for_examiners
  the examiner never unpickles
    test_handles::test_an_object_that_would_unpickle_to_code_stays_with_the_student
  the examiner never evaluates
    test_no_secrets::test_the_examiners_side_never_unpickles_and_never_evaluates
  the examiner's memory is limited
    test_death::test_an_examiner_that_runs_out_of_memory_costs_that_test_alone
  a dead examiner is replaced
    test_death::test_an_examiner_that_dies_is_replaced_and_its_cells_run_again
  a hanging examiner is replaced
    test_death::test_an_examiner_that_hangs_is_killed_and_replaced
  the student's side is plain files
    test_no_secrets::test_the_students_side_imports_no_module_of_ours_but_its_neighbours

whose is a name:
  builtins are the examiner's
    test_names::test_a_builtin_redefined_by_the_student_is_not_the_tests
  unless a solution binds them
    test_names::test_a_builtin_that_a_solution_cell_binds_is_the_students
  no name is bound in advance
    test_names::test_a_name_bound_in_advance_does_not_reach_the_test
  locked cells run on both sides
    test_names::test_locked_cells_run_in_both_processes_and_a_test_has_its_own_values
  tests go before locked cells
    test_names::test_a_name_of_a_test_goes_before_one_of_a_locked_cell
  locked cells read the given files
    test_surroundings::test_a_locked_cell_reads_the_files_as_they_were_before_the_first_cell
  imports of a solution are the examiner's
    test_names::test_the_libraries_that_a_solution_imports_are_no_names_of_the_students
  del crosses
    test_names::test_del_removes_the_students_function_as_in_nbgraders_example
  a spy crosses
    test_names::test_a_spy_takes_the_place_of_the_students_function
  data stay
    test_names::test_data_assigned_to_a_students_name_stay_in_the_examiner
  globals, exec and eval are refused
    test_names::test_what_reaches_around_the_names_is_refused_in_a_test

values to the examiner:
  subclasses arrive as their base
    test_handles::test_type_of_data_is_the_exact_builtin
  arrays arrive as arrays
    test_handles::test_a_subclass_of_an_array_arrives_as_the_array
  frames are limited
    test_calls::test_a_value_too_large_for_a_frame_is_an_error_of_the_student
  handles forward public names
    test_handles::test_attributes_calls_len_index_and_iteration_cross_as_data
  handles forward no other
    test_handles::test_names_with_an_underscore_are_not_forwarded
  __array_interface__
    test_handles::test_a_pointer_into_the_examiners_memory_is_not_followed
  iteration is bounded
    test_handles::test_endless_iteration_ends_with_the_time_of_the_test
  isinstance of library classes
    test_handles::test_a_claimed_class_satisfies_isinstance_of_library_classes
  isinstance of data
    test_handles::test_a_lying_class_is_no_instance_of_a_data_type
  signature, name and doc
    test_handles::test_a_function_is_one_for_inspect_and_for_isinstance
  operators raise
    test_handles::test_an_object_that_lies_in_its_operators_never_passes
  no identity in comparisons
    test_handles::test_comparison_does_not_fall_back_to_identity
  the message of an operator
    test_handles::test_the_message_says_that_data_was_expected
  the table of exceptions
    test_exceptions::test_ordinary_exceptions_arrive_as_their_class_with_their_message
  nearest ancestor
    test_exceptions::test_a_subclass_arrives_as_its_nearest_ancestor
  a class named eval
    test_exceptions::test_a_class_named_eval_runs_nothing
  control exceptions
    test_exceptions::test_control_exceptions_become_a_runtime_error
  StopIteration
    test_exceptions::test_a_stop_iteration_does_not_end_the_loop_of_the_test
  messages are cut
    test_exceptions::test_messages_are_cut_at_2000_characters

values to the student:
  mirrors
    test_mirrors_across::test_a_change_in_place_arrives_as_in_one_process
  modules stay of their class
    test_mirrors_across::test_a_module_of_the_test_does_not_become_the_students
  all else is refused
    test_mirrors_across::test_what_is_no_mirror_and_no_data_is_refused
  nothing of checks is sent
    test_calls::test_nothing_of_checks_or_reference_is_ever_sent
  nothing of a test's function is sent
    test_calls::test_a_function_of_a_test_says_nothing_about_itself

calls:
  nested calls
    test_calls::test_calls_nest_from_test_to_student_to_test_to_student
  frames out of order
    test_calls::test_a_frame_out_of_order_ends_the_student_and_not_the_examiner
  only the main thread speaks
    test_calls::test_a_callback_from_a_thread_is_refused
  only the owning process speaks
    test_calls::test_a_callback_from_a_forked_worker_is_refused
  sockets are closed on fork
    test_calls::test_a_forked_worker_that_goes_on_as_the_student_cannot_speak
  sockets are closed on exec
    test_calls::test_a_program_that_the_student_starts_has_no_socket_of_ours
  workers of a DataLoader
    test_calls::test_a_data_loader_with_workers_runs
  callbacks are valid in their cell
    test_calls::test_a_function_is_valid_only_in_the_cell_that_sent_it
  callbacks check their arguments
    test_calls::test_an_absurd_argument_reaches_the_check_of_the_callback
  an assert in a spy
    test_calls::test_an_assert_in_a_spy_cannot_be_swallowed
  a bare RuntimeError
    test_calls::test_what_a_callback_raises_reaches_the_student_as_a_bare_runtime_error

surroundings:
  random state, modes, stdout, warnings
    test_surroundings::test_a_test_finds_the_surroundings_of_one_process
  random state that was not set
    test_surroundings::test_a_state_that_the_test_did_not_set_is_the_students_own
  warnings cost nothing
    test_surroundings::test_warnings_cost_nothing
  patched libraries
    test_surroundings::test_a_library_patched_by_the_student_is_whole_in_the_examiner
  figures
    test_surroundings::test_a_figure_is_looked_at_through_handles
  files
    test_surroundings::test_a_file_that_a_student_cell_wrote_is_read_by_a_test
  links
    test_surroundings::test_links_of_the_students_are_not_followed
  source text
    test_surroundings::test_a_source_that_the_student_forges_is_not_believed
  In, Out and magics
    test_surroundings::test_shell_history_and_magics_are_refused_in_a_test
  sys.modules
    test_surroundings::test_the_students_modules_are_not_the_examiners
  output during a test
    test_output::test_what_is_shown_while_a_test_runs_reaches_no_student
  output in the record
    test_output::test_output_and_traceback_during_a_test_are_in_the_record
  files during a test
    test_output::test_files_written_while_a_test_runs_are_not_kept
  students see the type and our message
    test_exceptions::test_the_students_traceback_is_in_the_record_and_not_in_the_message

whose failure:
  time
    test_death::test_a_comparison_that_takes_too_long_is_a_timeout_of_the_submission
  memory
    test_death::test_a_memory_hog_is_stopped_and_the_next_test_runs
  a death cannot be swallowed
    test_death::test_no_exception_in_a_test_hides_a_death

death and replay:
  at most two replays
    test_death::test_a_student_is_replayed_at_most_twice
  at most the time used so far
    test_death::test_a_replay_takes_at_most_the_time_that_was_used_so_far
  without the guilty cell
    test_death::test_a_replay_leaves_out_the_guilty_cell_and_repeats_the_others
  without what timed out
    test_death::test_a_replay_leaves_out_cells_that_timed_out
  the folder as it was
    test_death::test_a_replay_begins_with_the_files_as_they_were_before_the_first_cell
  outputs of the first life
    test_death::test_the_outputs_of_the_first_life_stay
  the same random state
    test_death::test_both_lives_draw_the_same_random_numbers
  seed and cell number
    test_surroundings::test_the_random_state_before_a_cell_comes_from_the_seed_and_the_cells_number
  seed = false
    test_surroundings::test_seed_none_leaves_the_random_state_alone
  dead handles
    test_death::test_a_handle_of_a_dead_student_makes_the_test_crash
  nothing is left behind
    test_death::test_processes_that_a_student_leaves_behind_are_killed

outputs:
  outputs are checked
    test_output::test_ill_formed_outputs_are_left_out
  forged outputs
    test_output::test_outputs_forged_in_the_students_process_make_a_valid_notebook
  mime types by list
    test_output::test_a_mime_type_that_is_not_listed_is_left_out
  lengths
    test_output::test_floods_are_cut
  surrogates
    test_output::test_lone_surrogates_and_control_characters_are_replaced
  output at descriptor level
    test_output::test_output_at_descriptor_level_is_the_cells

proof:
  canaries in a test and a reference
    test_no_secrets::test_a_student_finds_no_canary_in_its_process
  the search works
    test_no_secrets::test_the_search_finds_what_is_there
  another's submission
    test_no_secrets::test_a_submission_finds_nothing_of_the_one_before
"""


def test_the_test_of_every_rule_exists():
    named = {line.strip() for line in RULES.splitlines() if "::" in line}
    assert named - names_of_tests(Path(__file__).parent) == set()


def test_every_rule_has_a_test():
    lines = [line for line in RULES.splitlines() if line.startswith("  ")]
    assert all("::" not in rule and "::" in test for rule, test in zip(lines[::2], lines[1::2], strict=True))
