"""The card's language: what the transit purse and the HR application say in bytes.

Nothing here touches a reader, a network, a clock or a die: a dialogue gives out the next step and
takes the answers, and whoever holds the wire (server, reader, phone) carries the bytes. Random
numbers, times and keys are handed in.

    apdu, tlv, status      the alphabet: commands, answers, status words with their meaning
    fault                  the four ways it can go wrong: refused, lost, wrong card, wrong proof
    layout, purse_files    what lies on the card and what it answers (purse_answers), declared
    dialogue, wire         the grammar: steps, answers, follow-ups, what a loss means
    purse_reading          sentences for the eye: directory, files, balance, logs
    transit_purse, tap     sentences for money: prove, load, unload, purchase; one tap in one step
    hr_application         reading the social security side, to bind card and person
    challenge              terminal numbers nobody can predict
    purse_profile          one card family as data; purse_facts and purse_arithmetic: its formulas
    purse_vectors          known answers, which every custody must give
    purse_verbs            the verbs of key custody over a vault that computes MACs
    software_keys          such a vault in memory, for tests and training
    simulated_card         a whole card in software, which can be torn at any moment

Clause numbers are those of the card reference; JR/T 0025 and JT/T 978 are named where they speak.
"""
