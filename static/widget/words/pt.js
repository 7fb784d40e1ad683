/** O que a conversa de um site diz quando não pode começar, em português. */
/** @type {Record<string, string>} */
export default {
  "widget.refused.identity_expired": "O que esta página disse sobre você já não vale. Recarregue a página e abra a conversa de novo; até lá, o que está escrito aqui fica.",
  "widget.refused.identity_needed": "Este assistente só atende quem esta página conhece. Entre no site e recarregue a página.",
  "widget.refused.identity": "Esta página não conseguiu dizer quem você é. Recarregue-a; se continuar, avise quem cuida do site.",
  "widget.refused.too_many": "Muitas conversas começaram desta rede há pouco. Espere alguns minutos e abra de novo.",
  "widget.signIn": "Entrar no Balcão, em outra aba",
};
