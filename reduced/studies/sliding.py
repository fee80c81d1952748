"""The motion of training, beside that of the zero-loss flow over the same slow time."""

from reduced.flows.zero_loss import retracted, zero_loss_flow
from reduced.flows.zero_loss_set import retract
from reduced.integration.solve import integrate
from reduced.network.parameters import Pair, cosine, moved
from reduced.network.problem import Problem
from reduced.training.gradient_descent import train

#: Retracted Euler steps that the sliding zero-loss flow takes between two comparisons.
SLIDING_STEPS = 10


def trained(problem: Problem, state: Pair, steps: int, learning_rate: float, weight_decay: float) -> Pair:
    """State after gradient descent on the mean-squared error."""
    run = train(
        problem.X,
        problem.Y,
        state,
        steps=steps,
        learning_rate=learning_rate,
        weight_decay=weight_decay,
        activation=problem.activation,
    )
    return run.y[0][-1], run.y[1][-1]


def sliding_cosine(problem: Problem, start: Pair, end: Pair, span: float) -> float:
    """Cosine between training's motion and the zero-loss flow's, which slides along kinks, over the same time."""
    foot, step = retract(problem, start, 1e-10), span / SLIDING_STEPS
    flow = retracted(problem, zero_loss_flow(problem.X, problem.Y, problem.activation), step)
    predicted = integrate(flow, foot, (0, span), method="euler", step=step, t_eval=[span]).y
    return cosine(moved(end, start, by=-1.0), moved((predicted[0][-1], predicted[1][-1]), foot, by=-1.0))
