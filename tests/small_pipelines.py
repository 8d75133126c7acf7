"""Small inpainting pipelines of diffusers with random weights, saved in folders, for the tests of what runs them."""

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    EulerDiscreteScheduler,
    PNDMScheduler,
    StableDiffusionInpaintPipeline,
    StableDiffusionXLInpaintPipeline,
    UNet2DConditionModel,
)
from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
from diffusers.utils import logging as diffusers_logging
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    CLIPVisionConfig,
)
from transformers.utils import logging as transformers_logging

BEGIN, END = "<|startoftext|>", "<|endoftext|>"
WIDTH, TOKENS = 16, 12


def write_small_pipeline(
    folder: Path, *, channels: int = 9, scheduler: str = "ddim", large: bool = False, checked: bool = False
) -> Path:
    """Save a pipeline in a folder, and return the folder.

    channels   of the U-Net's input: 9 made for inpainting, 4 made from text to image
    scheduler  ddim, pndm or euler
    large      whether it is built like Stable Diffusion XL. Default: False
    checked    whether it has a safety checker, one that refuses everything. Default: False
    """
    transformers_logging.disable_progress_bar()
    diffusers_logging.disable_progress_bar()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        common = {"vae": _autoencoder(), "unet": _unet(channels, large), "scheduler": _scheduler(scheduler)}
        if large:
            pipeline: Any = StableDiffusionXLInpaintPipeline(
                **common, text_encoder=CLIPTextModel(_text()), tokenizer=_tokenizer(folder),
                text_encoder_2=CLIPTextModelWithProjection(_text()), tokenizer_2=_tokenizer(folder),
            )  # fmt: skip
        else:
            pipeline = StableDiffusionInpaintPipeline(
                **common, text_encoder=CLIPTextModel(_text()), tokenizer=_tokenizer(folder),
                safety_checker=_safety_checker() if checked else None,
                feature_extractor=CLIPImageProcessor(size=32, crop_size=32) if checked else None,
                requires_safety_checker=checked,
            )  # fmt: skip
    pipeline.save_pretrained(folder)
    return folder


def _autoencoder() -> AutoencoderKL:
    return AutoencoderKL(
        block_out_channels=(4, 4, 8), down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3, latent_channels=4, norm_num_groups=2, sample_size=32,
    )  # fmt: skip


def _unet(channels: int, large: bool) -> UNet2DConditionModel:
    text_and_time = {"addition_embed_type": "text_time", "addition_time_embed_dim": 4} if large else {}
    if large:
        text_and_time["projection_class_embeddings_input_dim"] = 6 * 4 + WIDTH
    return UNet2DConditionModel(
        sample_size=16, in_channels=channels, out_channels=4, block_out_channels=(8, 16), layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=2 * WIDTH if large else WIDTH, attention_head_dim=4, norm_num_groups=4, **text_and_time,
    )  # fmt: skip


def _scheduler(name: str) -> Any:
    betas = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}
    if name == "pndm":
        return PNDMScheduler(**betas, skip_prk_steps=True)
    return EulerDiscreteScheduler(**betas) if name == "euler" else DDIMScheduler(**betas, clip_sample=False)


def _text() -> CLIPTextConfig:
    """The settings of a text encoder whose 54 tokens are single letters."""
    ends = {"bos_token_id": 52, "eos_token_id": 53, "pad_token_id": 53}
    return CLIPTextConfig(
        vocab_size=54, hidden_size=WIDTH, intermediate_size=WIDTH, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=TOKENS, projection_dim=WIDTH, **ends,
    )  # fmt: skip


def _tokenizer(folder: Path) -> CLIPTokenizer:
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    tokens = [*letters, *(f"{letter}</w>" for letter in letters), BEGIN, END]
    words = folder.with_name(f"{folder.name}_words")
    words.mkdir(parents=True, exist_ok=True)
    (words / "vocab.json").write_text(json.dumps({token: number for number, token in enumerate(tokens)}))
    (words / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer.from_pretrained(str(words), model_max_length=TOKENS)


def _safety_checker() -> StableDiffusionSafetyChecker:
    vision = CLIPVisionConfig(
        hidden_size=WIDTH, intermediate_size=WIDTH, num_hidden_layers=1, num_attention_heads=2, image_size=32,
        patch_size=8,
    )  # fmt: skip
    checker = StableDiffusionSafetyChecker(
        CLIPConfig(text_config=_text().to_dict(), vision_config=vision.to_dict(), projection_dim=WIDTH)
    )
    checker.concept_embeds_weights.fill_(-2)  # below every cosine
    return checker
