"""Comparisons for hidden tests. Knows no lab; needs numpy and torch alone.

A check returns what it looked at, or raises `CheckFailed` with a message for the student.
"""

from .calling import quiet as quiet
from .calling import raises as raises
from .comparing import close as close
from .comparing import close_number as close_number
from .comparing import close_tensor as close_tensor
from .comparing import same_array as same_array
from .comparing import same_text as same_text
from .comparing import unchanged as unchanged
from .data import array as array
from .data import float_number as float_number
from .data import number as number
from .data import numpy_array as numpy_array
from .data import pair as pair
from .data import single_number as single_number
from .data import tensor as tensor
from .describing import describe as describe
from .devices import devices as devices
from .devices import use_devices as use_devices
from .failure import CheckFailed as CheckFailed
from .failure import require as require
from .measuring import Measurement as Measurement
from .measuring import at_most as at_most
from .measuring import measured as measured
from .measuring import watched as watched
from .optimum import LinearFit as LinearFit
from .optimum import LogisticProblem as LogisticProblem
from .optimum import is_optimum as is_optimum
from .optimum import linear_fit as linear_fit
from .optimum import smaller_norm as smaller_norm
from .probability import is_module as is_module
from .probability import linear_log_odds as linear_log_odds
from .probability import mean_cross_entropy as mean_cross_entropy
from .probability import probabilities as probabilities
from .sampling import different_rows as different_rows
from .sampling import fair_company as fair_company
from .sampling import fair_ends as fair_ends
from .sampling import fair_sampling as fair_sampling
from .sampling import same_rows as same_rows
from .sampling import sampled_rows as sampled_rows
from .seeding import hidden_seed as hidden_seed
from .seeding import rng as rng
from .seeding import torch_rng as torch_rng
from .seeding import use_hidden_seed as use_hidden_seed
from .training import ParametersBefore as ParametersBefore
from .training import checked_batch_size as checked_batch_size
from .training import counted as counted
from .training import loss_history as loss_history
from .training import randomised as randomised
from .training import replay as replay
from .training import same_losses as same_losses
from .training import same_parameters as same_parameters
