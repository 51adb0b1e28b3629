"""A language model as ESM-2 is published, but tiny and with random weights."""

from pathlib import Path

import torch

TOKENS = "<cls> <pad> <eos> <unk> L A G V S E R T I D P Q K N F Y M H W C X B U Z O . - <null_1> <mask>"


def save_tiny_esm(folder: Path, seed: int = 0, layers: int = 2, positions: str = "rotary") -> Path:
    """Weights, config and tokenizer files of `EsmForMaskedLM`, as in facebook/esm2_t6_8M_UR50D."""
    from transformers import EsmConfig, EsmForMaskedLM, EsmTokenizer, logging

    logging.disable_progress_bar()
    folder.mkdir(parents=True)
    words = folder / "vocab.txt"
    words.write_text("\n".join(TOKENS.split()))
    EsmTokenizer(str(words)).save_pretrained(folder)
    torch.manual_seed(seed)
    config = EsmConfig(
        vocab_size=33,
        hidden_size=16,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=32,
        pad_token_id=1,
        mask_token_id=32,
        max_position_embeddings=66 if positions == "absolute" else 1026,
        position_embedding_type=positions,
        token_dropout=True,
        emb_layer_norm_before=False,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    EsmForMaskedLM(config).save_pretrained(folder)
    return folder
