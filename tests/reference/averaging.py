"""Average the weights of several models in plain loops over every number."""

State = dict[str, list[float]]


def mean_of(states: list[State]) -> State:
    """Return the mean of flat lists of numbers by name."""
    result: State = {}
    for name, values in states[0].items():
        result[name] = []
        for place in range(len(values)):
            total = 0.0
            for state in states:
                total += state[name][place]
            result[name].append(total / len(states))
    return result
